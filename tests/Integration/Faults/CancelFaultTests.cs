using System.Net;
using Kimchi.Isod.Fixtures;
using Kimchi.Isod.Fixtures.Wire;

namespace Kimchi.Isod.Integration.Tests.Faults;

/// <summary>A cancellation in the middle of a fault leaves nothing: no volume, no record, no name taken, no space promised, no connection.</summary>
public sealed class CancelFaultTests : SmallDiskTest
{
    private static readonly byte[] Image = [.. Enumerable.Repeat((byte)'i', (int)Size)];

    [Test]
    public async Task Cancel_while_the_server_stalls_leaves_nothing()
    {
        await using var server = new WireServer(async e =>
        {
            await e.ServeUpToAsync(Image, 2_000_000);
            await e.StallAsync();
        });
        await StartFromAsync(server);
        await Daemon.Client.WaitForBytesAsync(Name, 1_000_000);

        await AssertCancelLeavesNothingAsync(server.Port);
    }

    [Test]
    public async Task Cancel_while_the_next_try_is_waited_for_leaves_nothing()
    {
        await using var server = new WireServer(async e =>
        {
            if (e.Request.Number == 1) await e.ServeUpToAsync(Image, 2_000_000);
            else await e.WriteHeadAsync("503 Service Unavailable", "Retry-After: 1000", "Content-Length: 0");
            e.Close();
        });
        await StartFromAsync(server);
        await Daemon.WaitForLogAsync("trying again.*503");

        await AssertCancelLeavesNothingAsync(server.Port);
    }

    [Test]
    public async Task Cancel_while_the_disk_is_full_leaves_nothing()
    {
        await BeginAsync();
        Disk.Fill();
        await Daemon.WaitForLogAsync("too little free space");

        await AssertCancelLeavesNothingAsync(Nginx.HttpPort, () => Disk.Free());
    }

    [Test]
    public async Task Cancel_while_libvirtd_is_down_is_told_and_leaves_nothing_when_it_is_back()
    {
        await BeginAsync();
        OwnLibvirtd.Kill();
        await Daemon.WaitForLogAsync("trying again");
        AssertError(await Daemon.Client.CancelAsync(Name), 503, "KCHLIB0001E");

        OwnLibvirtd.Start();

        await AssertCancelLeavesNothingAsync(Nginx.HttpPort);
    }

    [Test]
    public async Task Cancel_while_libvirtd_hangs_leaves_nothing_when_it_goes_on()
    {
        await BeginAsync();
        OwnLibvirtd.Stop();
        var cancel = Daemon.Client.CancelAsync(Name);
        Assert.That(cancel.IsCompleted, Is.False);
        OwnLibvirtd.Continue();

        Assert.That((await cancel).Status, Is.EqualTo(HttpStatusCode.OK));
        await AssertNothingIsLeftAsync(Nginx.HttpPort);
    }

    [Test]
    public async Task Cancel_of_a_download_whose_volume_is_gone_leaves_nothing()
    {
        await BeginAsync();
        OwnLibvirtd.Virsh("vol-delete", "--pool", "ISO", Name);
        await WaitUntilFailedAsync();

        await AssertCancelLeavesNothingAsync(Nginx.HttpPort);
    }

    private Task StartFromAsync(WireServer server) => StartDownloadAsync(
        new Uri(server.Address, "a.iso"), ("downloads:window_size", "1M"), ("downloads:retry_max_delay", "1000s"));

    private async Task AssertCancelLeavesNothingAsync(int port, Action? thenMend = null)
    {
        var reply = await Daemon.Client.CancelAsync(Name);
        Assert.That(reply.Status, Is.EqualTo(HttpStatusCode.OK), reply.Body);
        thenMend?.Invoke();
        await AssertNothingIsLeftAsync(port);
    }

    private async Task AssertNothingIsLeftAsync(int port)
    {
        Assert.That(OwnLibvirtd.Virsh("vol-list", "ISO").Trim(), Is.Empty);
        Assert.That(File.Exists(VolumePath), Is.False);
        AssertError(await Daemon.Client.StatusAsync(Name), 400, "KCHDL0002E");
        await Patience.UntilAsync(() => Task.FromResult(Daemon.ConnectionsTo(port) == 0), () => "it keeps a connection to the server");

        // All of the disk but a little: nothing is promised to anybody else any more.
        var size = new DriveInfo(Pool).AvailableFreeSpace * 9 / 10;
        var other = NewName();
        using (var file = File.Create(Path.Combine(Nginx.Root, other))) file.SetLength(size);
        var again = await Daemon.Client.StartAsync(Nginx.Url("crawl/" + other), Name);
        Assert.That(again.Status, Is.EqualTo(HttpStatusCode.OK), again.Body);
        Assert.That((await Daemon.Client.CancelAsync(Name)).Status, Is.EqualTo(HttpStatusCode.OK));
    }
}
