using System.Security.Cryptography;
using Kimchi.Isod.Fixtures;

namespace Kimchi.Isod.Integration.Tests.Cli;

/// <summary>Each command, without a terminal.</summary>
public sealed class CliCommandTests : CliTest
{
    [Test]
    public async Task Download_waits_and_prints_a_line_at_each_change()
    {
        var daemon = await StartAsync();
        var (name, source) = NewSource();

        var result = await RunAsync(daemon, "download", Nginx.Url(name));

        Assert.That(result.ExitCode, Is.Zero, result.ToString());
        Assert.That(result.Errors, Does.EndWith($"{name}: completed, 2.9 MiB\n"));
        Assert.That(result.Output, Is.Empty);
        AssertSame(name, source);
    }

    [Test]
    public async Task Download_as_json_is_a_line_of_the_apis_json_at_each_change()
    {
        var daemon = await StartAsync();
        var (name, _) = NewSource();

        var lines = Json(await RunWellAsync(daemon, "download", "--json", Nginx.Url(name)));

        Assert.That(lines.Select(line => Text(line, "name")), Is.All.EqualTo(name));
        Assert.That(Text(lines[^1], "status"), Is.EqualTo("completed"));
        Assert.That(lines[^1].GetProperty("downloaded_size").GetInt64(), Is.EqualTo(3_000_000));
    }

    [Test]
    public async Task Quiet_download_prints_nothing()
    {
        var daemon = await StartAsync();
        var (name, source) = NewSource();

        var result = await RunAsync(daemon, "download", "--quiet", Nginx.Url(name));

        Assert.That(result, Is.EqualTo(new ToolResult(0, "", "")));
        AssertSame(name, source);
    }

    [Test]
    public async Task Several_downloads_are_waited_for_together_and_one_refusal_is_told()
    {
        var daemon = await StartAsync();
        var ((one, _), (other, _)) = (NewSource(), NewSource());

        var result = await RunAsync(daemon, "download", Nginx.Url(one), Nginx.Url("missing.iso"), Nginx.Url(other));

        Assert.That(result.ExitCode, Is.EqualTo(4), result.ToString());
        Assert.That(result.Errors, Does.Contain($"{one}: completed").And.Contain($"{other}: completed").And.Contain("KCHVOL0022E: "));
    }

    [Test]
    public async Task Download_with_all_options_is_what_they_say()
    {
        var daemon = await StartAsync();
        var (name, source) = NewSource();
        var (wanted, digest) = (NewName(), Convert.ToHexStringLower(SHA256.HashData(await File.ReadAllBytesAsync(source))));
        using var directory = new TemporaryDirectory("password");
        await File.WriteAllTextAsync(directory["password"], "pass\n");

        await RunWellAsync(
            daemon, "download", Nginx.Url("secret/" + name), "--name", wanted, "--checksum", "sha256:" + digest, "--username", "user",
            "--password-file", directory["password"], "--limit-rate", "1G", "--paused");
        var waiting = Json(await RunWellAsync(daemon, "status", wanted, "--json")).Single();
        Assert.That(Text(waiting, "status"), Is.EqualTo("paused"));
        Assert.That(Text(waiting, "checksum"), Is.EqualTo("sha256:" + digest));
        Assert.That(waiting.GetProperty("limit_rate").GetInt64(), Is.EqualTo(1L << 30));
        Assert.That(await RunWellAsync(daemon, "resume", wanted), Does.StartWith(wanted + ": "));
        await RunWellAsync(daemon, "watch", wanted);

        AssertSame(wanted, source);
    }

    [Test]
    public async Task Life_of_a_download_by_commands()
    {
        var daemon = await StartAsync();
        var (name, source) = NewSource(16_000_000);
        await RunWellAsync(daemon, "download", "--no-wait", Nginx.Url("slow/" + name));

        Assert.That(await RunWellAsync(daemon, "limit", name, "5M"), Is.EqualTo($"{name}: at most 5.0 MiB/s\n"));
        Assert.That(await RunWellAsync(daemon, "pause", name), Does.Match($"^{name}: paused, [0-9]+% of 15.3 MiB\n$"));
        Assert.That(await RunWellAsync(daemon, "list"), Does.Match($"^NAME +STATUS +SIZE +DONE +SPEED +LEFT\n{name} +paused +15.3 MiB +[0-9]+% +- +-\n$"));
        Assert.That(await RunWellAsync(daemon, "limit", name, "none"), Is.EqualTo($"{name}: no limit of its own\n"));
        await RunWellAsync(daemon, "resume", name);
        await RunWellAsync(daemon, "watch", name);
        AssertSame(name, source);

        Assert.That(await RunWellAsync(daemon, "list"), Does.Not.Contain(name));
        Assert.That(await RunWellAsync(daemon, "list", "--all"), Does.Contain(name));
        Assert.That(await RunWellAsync(daemon, "status", name), Does.Contain("status:      completed").And.Contain("(16000000 bytes) 100%"));
        Assert.That(await RunWellAsync(daemon, "forget", name), Is.EqualTo($"{name}: forgotten\n"));
        Assert.That(Json(await RunWellAsync(daemon, "list", "--all", "--json")).Single().GetProperty("downloads").GetArrayLength(), Is.Zero);
    }

    [Test]
    public async Task Probe_health_and_version_tell_what_they_find()
    {
        var daemon = await StartAsync();
        var (name, _) = NewSource();

        Assert.That(await RunWellAsync(daemon, "probe", Nginx.Url(name)), Does.Contain("2.9 MiB (3000000 bytes)").And.Contain("fits:          yes"));
        Assert.That(await RunWellAsync(daemon, "probe", "--mirror", "http://b/a.iso", Nginx.Url(name)), Does.Contain("mirror:        http://b/a.iso"));
        Assert.That(Json(await RunWellAsync(daemon, "probe", "--json", Nginx.Url(name))).Single().GetProperty("total_size").GetInt64(), Is.EqualTo(3_000_000));
        Assert.That(await RunWellAsync(daemon, "health"), Is.EqualTo("state: good\nlibvirt: good\npool ISO: good\n"));
        Assert.That(Json(await RunWellAsync(daemon, "health", "--json")).Single().GetProperty("healthy").GetBoolean());
        Assert.That(await RunWellAsync(daemon, "version"), Does.Match("^kimchi-isoctl ([0-9.]+)\nkimchi-isod \\1\nlibvirt [0-9.]+\n$"));
    }
}
