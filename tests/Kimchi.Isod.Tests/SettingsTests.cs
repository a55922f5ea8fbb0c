using System.Collections;
using System.Text.RegularExpressions;
using Kimchi.Isod.Configuration;
using Kimchi.Isod.Contracts;
using Kimchi.Isod.Core.Options;
using Kimchi.Isod.Fixtures;
using Kimchi.Isod.Storage.Libvirt;
using Microsoft.Extensions.Logging;

namespace Kimchi.Isod.Tests;

public sealed partial class SettingsTests
{
    private string _directory = "";

    [SetUp]
    public void MakeDirectory() => _directory = Directory.CreateTempSubdirectory("isod-settings-").FullName;

    [TearDown]
    public void DeleteDirectory() => Directory.Delete(_directory, recursive: true);

    [Test]
    public void Nothing_set_means_the_defaults()
    {
        var settings = Read("");

        Assert.That(settings.Downloads, Is.EqualTo(new DownloadOptions()));
        Assert.That(settings.Libvirt, Is.EqualTo(new LibvirtOptions()));
        Assert.That(settings.Server, Is.EqualTo(new ServerOptions()));
        Assert.That(settings.Log, Is.EqualTo(new LogOptions()));
    }

    // The shipped file tells the truth: uncommented, it has every key, and each at its default.
    [Test]
    public void Shipped_file_has_every_key_at_its_default()
    {
        var shipped = File.ReadAllText(Path.Combine(Repository.Root, "packaging", "kimchi-isod.conf"));
        var uncommented = CommentedKey().Replace(shipped, "$1");
        var keysWithValues = EmptyKey().Replace(uncommented, "");

        var read = Read(keysWithValues);

        Assert.That(read.Downloads, Is.EqualTo(new DownloadOptions()));
        Assert.That(read.Libvirt, Is.EqualTo(new LibvirtOptions()));
        Assert.That(read.State, Is.EqualTo(new Storage.State.StateOptions()));
        Assert.That(read.Server, Is.EqualTo(new ServerOptions()));
        Assert.That(read.Log, Is.EqualTo(new LogOptions()));
        Assert.That(read.Pools with { Allowed = [] }, Is.EqualTo(new PoolOptions { Allowed = [] }));
        Assert.That(read.Pools.Allowed, Is.EqualTo(new PoolOptions().Allowed));
        var network = new Sources.NetworkOptions { NoProxy = [], DenyNetworks = [] };
        Assert.That(read.Network with { NoProxy = network.NoProxy, DenyNetworks = network.DenyNetworks }, Is.EqualTo(network));
        Assert.That(KeysOf(uncommented), Is.EquivalentTo(AllKeys()), "the keys of the shipped file are the keys that are read");
    }

    [TestCase("downloads:max_active", "0", "a whole number from 1 to 1000")]
    [TestCase("downloads:max_active", "-1", "a whole number")]
    [TestCase("downloads:max_active", "99999999999", "a whole number")]
    [TestCase("downloads:window_size", "1K", "a size from")]
    [TestCase("downloads:window_size", "64 MB", "such as 64M")]
    [TestCase("downloads:min_free", "9223372036854775807T", "a size from")]
    [TestCase("downloads:stall_timeout", "soon", "such as 30s or 5m")]
    [TestCase("downloads:allocate", "maybe", "one of auto, full, none")]
    [TestCase("downloads:accept", "Safe", "one of iso, safe, any")]
    [TestCase("network:insecure_tls", "perhaps", "true or false")]
    [TestCase("network:user_agent", "", "1 to 200 printable")]
    [TestCase("network:user_agent", "caf\u00e9/1", "1 to 200 printable")]
    [TestCase("network:deny_networks", "10.0.0.0/33", "networks such as")]
    [TestCase("server:socket", "relative.sock", "an absolute path")]
    [TestCase("server:socket_mode", "0888", "an octal mode")]
    [TestCase("pools:iso_path", "isos", "an absolute path")]
    [TestCase("trust:keyrings", "keyrings", "an absolute path")]
    [TestCase("trust:require_signature", "ISO, other", "all, or pools of pools:allowed")]
    [TestCase("log:level", "loud", "one of trace, debug")]
    public void Bad_value_is_named_with_its_file_its_key_and_the_mend(string key, string value, string mend)
    {
        var parts = key.Split(':');

        var fault = FaultsOf(() => Read($"[{parts[0]}]\n{parts[1]} = {value}\n")).Single();

        Assert.That(fault, Does.StartWith(_directory).And.Contain($": {key}: '{value}' is not usable").And.Contain(mend));
    }

    [Test]
    public void All_faults_are_told_at_once_unknown_keys_too()
    {
        var faults = FaultsOf(() => Read("[downloads]\nmax_active = x\nmax_activ = 1\n[pool]\nallowed = ISO\n"));

        Assert.That(faults, Has.Count.EqualTo(3));
        Assert.That(faults, Has.Some.Contain("downloads:max_activ: there is no such key").And.Some.Contain("pool:allowed: there is no such key"));
    }

    [TestCase("proxy")]
    [TestCase("ftp://proxy:3128")]
    [TestCase("http://user:pa55@proxy:99999")]
    [TestCase("file://\u200e")]
    public void Bad_proxy_is_named_without_its_password(string value) => Assert.That(
        FaultsOf(() => Load([$"--network:proxy={value}"])).Single(),
        Is.EqualTo("command line: network:proxy: the value is not usable; give a URL such as http://proxy:3128"));

    [TestCase("proxy http://user:pa55@proxy:3128", "cannot be read: line 2 is neither a [section] nor a key = value")]
    [TestCase("proxy http://user:pa55@proxy:3128/?a=b", "network:proxy: there is no such key")]
    public void Line_without_its_sign_is_named_without_its_password(string line, string words) => Assert.That(
        FaultsOf(() => Read($"[network]\n{line}\n")).Single(), Does.Contain(words).And.Not.Contain("pa55"));

    [TestCase("--config=")]
    [TestCase("--config", "")]
    public void Configuration_file_without_a_name_is_refused(params string[] arguments) =>
        Assert.That(FaultsOf(() => Load(arguments)).Single(), Does.Contain("--config needs the name of a file"));

    [Test]
    public void File_that_is_no_ini_is_named() =>
        Assert.That(FaultsOf(() => Read("what is this")).Single(), Does.StartWith(_directory).And.Contain("cannot be read"));

    [Test]
    public void File_that_was_named_must_be_there() =>
        Assert.That(FaultsOf(() => Load(["--config", "/nowhere/x.conf"])).Single(), Does.Contain("/nowhere/x.conf"));

    [Test]
    public void Later_places_win_over_earlier_ones()
    {
        Directory.CreateDirectory(Path.Combine(_directory, "conf.d"));
        File.WriteAllText(Path.Combine(_directory, "conf.d", "10-a.conf"), "[downloads]\nmax_active = 2\nretries = 2\nmax_waiting = 2\n");
        File.WriteAllText(Path.Combine(_directory, "conf.d", "20-b.conf"), "[downloads]\nretries = 3\nmax_waiting = 3\n");
        var environment = new Hashtable { ["KIMCHI_ISOD_downloads__max_waiting"] = "4", ["KIMCHI_ISOD_log__level"] = "debug", ["OTHER"] = "x" };

        var settings = Read(
            "[downloads]\nmax_active = 1\nretries = 1\nmax_waiting = 1\n[log]\nlevel = error\n", environment, "--log:level=critical");

        Assert.That(settings.Downloads.MaxActive, Is.EqualTo(2));
        Assert.That(settings.Downloads.Retries, Is.EqualTo(3));
        Assert.That(settings.Downloads.MaxWaiting, Is.EqualTo(4));
        Assert.That(settings.Log.Level, Is.EqualTo(LogLevel.Critical));
    }

    [TestCase("64M", 64L << 20)]
    [TestCase("1k", 1024L)]
    [TestCase("0", 0L)]
    [TestCase("2T", 2L << 40)]
    [TestCase("", null)]
    [TestCase("M", null)]
    [TestCase("1.5G", null)]
    [TestCase("-1", null)]
    public void Size_is_a_number_with_a_unit(string text, long? bytes) => Assert.That(SizeText.Parse(text), Is.EqualTo(bytes));

    [TestCase("250ms", 250)]
    [TestCase("30", 30_000)]
    [TestCase("30s", 30_000)]
    [TestCase("2m", 120_000)]
    [TestCase("1h", 3_600_000)]
    [TestCase("1d", 86_400_000)]
    [TestCase("1w", null)]
    [TestCase("2147483647h", null)]
    [TestCase("2147483647d", null)]
    [TestCase("", null)]
    public void Time_is_a_number_with_a_unit(string text, int? milliseconds) =>
        Assert.That(DurationText.Parse(text)?.TotalMilliseconds, Is.EqualTo(milliseconds));

    [TestCase("--nonsense")]
    [TestCase("nonsense")]
    [TestCase("--config")]
    [TestCase("--downloads=1")]
    public void Argument_that_means_nothing_is_refused(string argument) =>
        Assert.That(FaultsOf(() => Load([argument])).Single(), Does.Contain($"'{argument}'").And.Contain("--help"));

    private Settings Read(string file, IDictionary? environment = null, params string[] arguments)
    {
        var path = Path.Combine(_directory, "kimchi-isod.conf");
        File.WriteAllText(path, file);
        return Load(["--config", path, .. arguments], environment);
    }

    private static Settings Load(string[] arguments, IDictionary? environment = null) =>
        Settings.Read(SettingsLayer.Load(CommandLine.Parse(arguments), environment ?? new Hashtable()));

    private static IReadOnlyList<string> FaultsOf(Func<object> read)
    {
        try
        {
            read();
        }
        catch (ConfigurationException e)
        {
            return e.Faults;
        }

        Assert.Fail("the configuration was taken for good");
        return [];
    }

    private static IEnumerable<string> KeysOf(string ini)
    {
        var section = "";
        foreach (var line in ini.Split('\n'))
        {
            if (line.StartsWith('[')) section = line.Trim('[', ']');
            else if (KeyLine().Match(line) is { Success: true } match) yield return $"{section}:{match.Groups[1].Value}";
        }
    }

    // What Settings reads: each key stands in its source as "section:key".
    private static IEnumerable<string> AllKeys() => KeyLiteral()
        .Matches(File.ReadAllText(Path.Combine(Repository.Root, "src", "Kimchi.Isod", "Configuration", "Settings.cs")))
        .Select(m => m.Groups[1].Value);

    [GeneratedRegex("^#([a-z_]+ =.*)$", RegexOptions.Multiline)]
    private static partial Regex CommentedKey();

    [GeneratedRegex("^[a-z_]+ =[ ]*$", RegexOptions.Multiline)]
    private static partial Regex EmptyKey();

    [GeneratedRegex("^([a-z_]+) =")]
    private static partial Regex KeyLine();

    [GeneratedRegex("\"([a-z]+:[a-z_]+)\"")]
    private static partial Regex KeyLiteral();
}
