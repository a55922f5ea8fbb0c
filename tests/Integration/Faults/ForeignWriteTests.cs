using System.Net;
using Kimchi.Isod.Fixtures;
using Kimchi.Isod.Fixtures.Wire;

namespace Kimchi.Isod.Integration.Tests.Faults;

/// <summary>Somebody else changes bytes that are stored already, in place: the volume keeps its token, its inode and its size.</summary>
[FixtureLifeCycle(LifeCycle.InstancePerTestCase)]
public sealed class ForeignWriteTests : FaultTest
{
    private const int Early = 1_500_000;
    private const int Offset = 700_000;
    private const int Length = 4096;

    private readonly TaskCompletionSource _isCopied = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly TaskCompletionSource _isWritten = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly TemporaryDirectory _directory = new("foreign");
    private bool _breaksOff;

    [TearDown]
    public void RemoveDirectory() => _directory.Dispose();

    [Test]
    public async Task Bytes_that_somebody_else_has_changed_are_fetched_again(
        [Values("virsh vol-upload", "write", "older copy")] string how, [Values("paused", "failed", "running", "stopped")] string when,
        [Values] bool hasChecksum)
    {
        _breaksOff = when == "failed";
        await using var server = new WireServer(ServeAsync);
        var daemon = await StartQuickAsync(("downloads:retries", "0"));
        var name = await DownloadAsync(daemon, server.Address, hasChecksum ? Checksum(Content) : null);
        await daemon.Client.WaitForBytesAsync(name, 1 << 20);
        ChildProcess.Run("cp", "-p", InPool(name), _directory["older"]);
        _isCopied.SetResult();
        if (_breaksOff) await daemon.Client.WaitForAsync(name, status => status.Id == "KCHDL0007E");
        else await daemon.Client.WaitForBytesAsync(name, Stored);
        if (when == "paused") AssertDone(await daemon.Client.PauseAsync(name));
        if (when == "stopped") await daemon.StopAsync();

        await ChangeAsync(how, name);

        _isWritten.SetResult();
        if (when == "paused") AssertDone(await daemon.Client.ResumeAsync(name));
        if (when == "failed") AssertDone(await daemon.Client.RetryAsync(name));
        if (when == "stopped") await daemon.StartAsync();
        await CompleteAsync(daemon, name, Content);
        await daemon.WaitForLogAsync("somebody else has written to the volume");
        await daemon.WaitForLogAsync("stored bytes are not intact");
    }

    [Test]
    public async Task Nothing_is_read_back_where_others_only_look([Values("paused", "running", "stopped")] string when)
    {
        await using var server = new WireServer(ServeAsync);
        var daemon = await StartQuickAsync(("downloads:retries", "0"));
        var name = await DownloadAsync(daemon, server.Address);
        _isCopied.SetResult();
        await daemon.Client.WaitForBytesAsync(name, Stored);
        if (when == "paused") AssertDone(await daemon.Client.PauseAsync(name));
        if (when == "stopped") await daemon.StopAsync();

        for (var i = 0; i < 5; i++) Libvirtd.Virsh("pool-refresh", "ISO");
        Libvirtd.Virsh("vol-dumpxml", name, "--pool", "ISO");
        Libvirtd.Virsh("vol-download", name, _directory["copy"], "--pool", "ISO");
        ChildProcess.Run("cp", InPool(name), _directory["copy"]);

        _isWritten.SetResult();
        if (when == "paused") AssertDone(await daemon.Client.ResumeAsync(name));
        if (when == "stopped") await daemon.StartAsync();
        await CompleteAsync(daemon, name, Content);
        Assert.That(daemon.Log, Does.Not.Contain("somebody else"));
    }

    private static void AssertDone(ApiReply reply) => Assert.That(reply.Status, Is.EqualTo(HttpStatusCode.OK), reply.Body);

    private async Task ChangeAsync(string how, string name)
    {
        var other = _directory["other"];
        await File.WriteAllBytesAsync(other, new byte[Length]);
        switch (how)
        {
            case "virsh vol-upload":
                await Patience.UntilAsync(
                    () => Task.FromResult(Libvirtd.TryVirsh("vol-upload", name, other, "--pool", "ISO", "--offset", $"{Offset}").Code == 0),
                    () => "libvirt takes no upload");
                break;
            case "write":
                ChildProcess.Run("dd", $"if={other}", $"of={InPool(name)}", "conv=notrunc", "bs=1", $"seek={Offset}");
                break;
            default:
                ChildProcess.Run("cp", "-p", _directory["older"], InPool(name));
                break;
        }
    }

    // Waits twice: for the copy of what is there early, and for the change of what is there later.
    private async Task ServeAsync(WireExchange exchange)
    {
        var start = (int)(exchange.Request.RangeStart ?? 0);
        var status = start > 0 ? "206 Partial Content" : "200 OK";
        string[] range = start > 0 ? [$"Content-Range: bytes {start}-{Content.Length - 1}/{Content.Length}"] : [];
        await exchange.WriteHeadAsync(status, [Tag, $"Content-Length: {Content.Length - start}", .. range]);
        foreach (var (end, wait) in new[] { (Early, _isCopied.Task), (Middle, _isWritten.Task), (Content.Length, Task.CompletedTask) })
        {
            if (end > start) await exchange.WriteAsync(Content.AsMemory(start, end - start));
            start = Math.Max(start, end);
            if (end == Middle && _breaksOff && !_isWritten.Task.IsCompleted)
            {
                exchange.Close();
                return;
            }

            await wait.WaitAsync(exchange.Stopped);
        }
    }
}
