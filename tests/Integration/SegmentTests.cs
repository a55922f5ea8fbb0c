using System.Security.Cryptography;
using Kimchi.Isod.Fixtures;

namespace Kimchi.Isod.Integration.Tests;

/// <summary>Several connections for one image, from an nginx that limits each of them.</summary>
[Parallelizable(ParallelScope.Self)]
public sealed class SegmentTests : IsodTest
{
    private const int Size = 64_000_000;

    private static readonly (string, string) Debug = ("log:level", "debug");
    private static readonly (string, string) Four = ("downloads:connections", "4");

    [TestCase(true)]
    [TestCase(false)]
    public async Task Server_that_limits_each_connection_is_read_over_four(bool hasChecksum)
    {
        var (name, source) = NewSource();
        var daemon = await StartAsync(Debug, Four);

        await AcceptAsync(daemon, name, hasChecksum ? await HashAsync(source) : null);
        await daemon.WaitForLogAsync("4 connections");
        await daemon.Client.WaitUntilCompletedAsync(name);

        AssertSame(name, source);
        Assert.That(daemon.Log, Does.Not.Contain("5 connections"));
    }

    [Test]
    public async Task Pause_keeps_what_every_connection_has_brought()
    {
        var (name, source) = NewSource();
        var daemon = await StartAsync(Debug, Four);
        await AcceptAsync(daemon, name, await HashAsync(source));
        await daemon.WaitForLogAsync("4 connections");
        var before = Stored(await daemon.Client.StatusAsync(name));

        await daemon.Client.PauseAsync(name);
        var paused = Stored(await daemon.Client.StatusAsync(name));
        Assert.That(paused, Is.GreaterThanOrEqualTo(before));
        await daemon.StopAsync();
        await daemon.StartAsync();
        Assert.That(Stored(await daemon.Client.StatusAsync(name)), Is.EqualTo(paused), "in whatever order it came");
        await daemon.Client.ResumeAsync(name);
        await daemon.Client.WaitUntilCompletedAsync(name);

        AssertSame(name, source);
    }

    [TestCase(true)]
    [TestCase(false)]
    public async Task Killed_daemon_goes_on_with_what_is_stored(bool hasChecksum)
    {
        var (name, source) = NewSource();
        var daemon = await StartAsync(Debug, Four);
        await AcceptAsync(daemon, name, hasChecksum ? await HashAsync(source) : null);
        await daemon.WaitForLogAsync("4 connections");
        await daemon.Client.WaitForBytesAsync(name, Size / 3);

        await daemon.KillAsync();
        await daemon.StartAsync();

        Assert.That(Stored(await daemon.Client.StatusAsync(name)), Is.GreaterThanOrEqualTo(Size / 3));
        await daemon.Client.WaitUntilCompletedAsync(name);
        AssertSame(name, source);
    }

    [Test]
    public async Task Cancel_leaves_nothing()
    {
        var (name, _) = NewSource();
        var daemon = await StartAsync(Debug, Four);
        await AcceptAsync(daemon, name, null);
        await daemon.WaitForLogAsync("4 connections");

        await daemon.Client.CancelAsync(name);

        Assert.That(File.Exists(InPool(name)), Is.False);
    }

    [TestCase("downloads:connections", "1")]
    [TestCase("network:connections_per_host", "1")]
    [TestCase("downloads:buffer_memory", "0")]
    [TestCase("downloads:limit_rate", "3M")]
    public async Task One_connection_is_all_where_the_configuration_says_so(string key, string value)
    {
        var (name, source) = NewSource(20_000_000);
        var daemon = await StartAsync(Debug, Four, (key, value));

        await AcceptAsync(daemon, name, null);
        await daemon.Client.WaitUntilCompletedAsync(name);

        AssertSame(name, source);
        Assert.That(daemon.Log, Does.Not.Contain(" connections, at"));
    }

    [Test]
    public async Task Start_may_ask_for_fewer()
    {
        var (name, source) = NewSource(30_000_000);
        var daemon = await StartAsync(Debug, Four);

        var reply = await daemon.Client.CallAsync("", new { url = Nginx.Url("slow/" + name), name, connections = 2 });
        Assert.That((int)reply.Status, Is.EqualTo(200), reply.Body);
        await daemon.Client.WaitUntilCompletedAsync(name);

        AssertSame(name, source);
        Assert.That(daemon.Log, Does.Contain("2 connections, at").And.Not.Contain("4 connections, at"));
    }

    private static (string Name, string Source) NewSource(int size = Size)
    {
        var name = NewName();
        return (name, Nginx.AddFile(name, size));
    }

    private static async Task<string> HashAsync(string path) => "sha256:" + Convert.ToHexStringLower(SHA256.HashData(await File.ReadAllBytesAsync(path)));

    private static async Task AcceptAsync(IsodProcess daemon, string name, string? checksum)
    {
        var url = Nginx.Url("slow/" + name);
        var reply = await (checksum is null ? daemon.Client.StartAsync(url, name) : daemon.Client.CallAsync("", new { url, name, checksum }));
        Assert.That((int)reply.Status, Is.EqualTo(200), reply.Body);
    }

    private static long Stored(ApiReply status) => status.Number("downloaded_size");
}
