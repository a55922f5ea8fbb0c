using System.Collections;
using System.Globalization;
using System.Text;
using CsCheck;
using Kimchi.Isod.Configuration;
using Kimchi.Isod.Contracts;
using Kimchi.Isod.Fixtures;
using Kimchi.Isod.Fixtures.Fuzz;

namespace Kimchi.Isod.Tests.Fuzz;

/// <summary>The configuration from every place: whatever stands there is taken, or refused with all faults named.</summary>
public sealed class SettingsFuzzTests
{
    private const string Secret = "Pa55w0rd";

    private static readonly string Shipped = File.ReadAllText(Path.Combine(Repository.Root, "packaging", "kimchi-isod.conf"));

    private static readonly string[] Keys =
    [
        "server:socket", "server:socket_mode", "server:event_heartbeat", "libvirt:uri", "libvirt:keepalive_count", "pools:allowed", "pools:create_missing",
        "pools:iso_path", "state:directory", "state:history_days", "downloads:max_active", "downloads:window_size", "downloads:packet_size",
        "downloads:checkpoint_interval", "downloads:accept", "downloads:min_free", "downloads:limit_rate", "downloads:retry_max_delay",
        "downloads:connect_timeout", "network:proxy", "network:no_proxy", "network:deny_networks", "network:insecure_tls", "log:level", "log:format", "nonsense:x",
    ];

    private static readonly Gen<string> Values = Gen.OneOf(
        Texts.Any,
        Texts.Of("0", "1", "64", "9223372036854775807", "2147483647", "K", "M", "T", "ms", "s", "m", "h", "d", "-", "+", ".", "/", "0660", "true", "auto", ",", "10.0.0.0/8", "::/0", "http://h:1", "٣"),
        Texts.Near(Gen.OneOf("64M", "30s", "5m", "http://u:p@proxy:3128", "socks5h://proxy", "10.0.0.0/8, fd00::/8", "/run/x.sock", "2147483647d")));

    private static readonly Gen<string> Files = Gen.OneOf(
        Texts.Near(Gen.Const(Shipped)),
        Gen.Select(Gen.OneOf(Keys), Values).Array[0, 6].Select(lines => string.Concat(lines.Select(l => $"[{l.Item1.Split(':')[0]}]\n{l.Item1.Split(':')[1]} = {l.Item2}\n"))),
        Texts.Of("[", "]", "downloads", "max_active", "=", " ", "\n", "\r\n", "#", ";", "\"", ":", "1", "/", "[]", "[a:b]"));

    private string _directory = "";

    [SetUp]
    public void MakeDirectory() => _directory = Directory.CreateTempSubdirectory("isod-fuzz-").FullName;

    [TearDown]
    public void DeleteDirectory() => Directory.Delete(_directory, recursive: true);

    [Test]
    public void Any_file_is_a_configuration_or_refused() => Files.Holds(
        text => IsReadOrRefused(["--config", Write(Encoding.UTF8.GetBytes(text))], new Hashtable()), count: 6000);

    [Test]
    public void Any_bytes_are_a_configuration_or_refused() => Gen.Byte.Array[0, 200].Holds(
        bytes => IsReadOrRefused(["--config", Write(bytes)], new Hashtable()), count: 2000);

    [Test]
    public void Any_value_of_the_environment_and_the_command_line_is_taken_or_refused() => Gen.Select(Gen.OneOf(Keys), Values, Gen.Bool).Holds(
        c => c.Item3
            ? IsReadOrRefused([$"--{c.Item1}={c.Item2}"], new Hashtable())
            : IsReadOrRefused([], new Hashtable { [$"KIMCHI_ISOD_{c.Item1.Replace(":", "__", StringComparison.Ordinal)}"] = c.Item2 }),
        count: 30_000);

    [Test]
    public void Any_arguments_are_understood_or_refused() => Gen.OneOf(
            Texts.Any, Texts.Of("--", "config", "=", ":", "check-config", "help", "downloads:retries", "5", "-h", " "), Gen.OneOf("--config", "--config=", "--help", "--version"))
        .Array[0, 4].Holds(arguments => IsReadOrRefused([.. arguments.Select(a => a.Replace("\0", "", StringComparison.Ordinal))], new Hashtable()), count: 10_000);

    // Faults go to the journal, which more people read than the configuration.
    [Test]
    public void Password_of_a_proxy_is_never_told() => Gen.Select(
            Gen.OneOf("", "http://", "ftp://", "http:/", "http:\\\\", "://", "file://"), Gen.OneOf($"u:{Secret}@", $":{Secret}@", $"{Secret}@"),
            Gen.OneOf("", "proxy", "proxy:99999", "[", "a b", "é", "proxy?a=b"), Gen.Bool)
        .Holds(
            c => FaultsOf(c.Item4 ? [$"--network:proxy={c.Item1}{c.Item2}{c.Item3}"] : ["--config", Write(Encoding.UTF8.GetBytes($"[network]\nproxy {c.Item1}{c.Item2}{c.Item3}\n"))], new Hashtable())
                .All(fault => !fault.Contains(Secret, StringComparison.Ordinal)),
            count: 500);

    [Test]
    public void Size_comes_back_from_each_of_its_forms() => Gen.Select(Gen.Long[0, long.MaxValue], Gen.Int[0, 4]).Holds(
        c =>
        {
            var (number, unit) = c;
            var bytes = (Int128)number << (10 * unit);
            var text = number.ToString(CultureInfo.InvariantCulture) + (unit == 0 ? "" : "KMGT"[unit - 1].ToString());
            long? expected = bytes <= long.MaxValue ? (long)bytes : null;
            return SizeText.Parse(text) == expected;
        },
        count: 20_000);

    [Test]
    public void Time_comes_back_from_each_of_its_forms() => Gen.Select(Gen.Int[0, int.MaxValue], Gen.OneOf(("ms", 1L), ("", 1000L), ("s", 1000L), ("m", 60_000L), ("h", 3_600_000L), ("d", 86_400_000L))).Holds(
        c =>
        {
            var ticks = (Int128)c.Item1 * c.Item2.Item2 * TimeSpan.TicksPerMillisecond;
            var expected = ticks <= long.MaxValue ? (long)ticks : default(long?);
            return DurationText.Parse(c.Item1.ToString(CultureInfo.InvariantCulture) + c.Item2.Item1)?.Ticks == expected;
        },
        count: 20_000);

    private string Write(byte[] bytes)
    {
        // Cases run on several threads.
        var path = Path.Combine(_directory, $"{Environment.CurrentManagedThreadId}.conf");
        File.WriteAllBytes(path, bytes);
        return path;
    }

    private static bool IsReadOrRefused(string[] arguments, IDictionary environment) => FaultsOf(arguments, environment).All(fault => fault.Length > 0);

    private static IReadOnlyList<string> FaultsOf(string[] arguments, IDictionary environment)
    {
        try
        {
            Settings.Read(SettingsLayer.Load(CommandLine.Parse(arguments), environment));
            return [];
        }
        catch (ConfigurationException e)
        {
            return e.Faults;
        }
    }
}
