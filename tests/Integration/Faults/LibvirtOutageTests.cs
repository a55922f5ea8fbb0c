using System.Text.RegularExpressions;
using Kimchi.Isod.Fixtures;
using Kimchi.Isod.Fixtures.Wire;

namespace Kimchi.Isod.Integration.Tests.Faults;

/// <summary>libvirtd that is away for longer than the tries of a download last.</summary>
public sealed class LibvirtOutageTests : FaultTest
{
    [Test]
    public async Task Outage_of_libvirt_uses_up_no_tries()
    {
        using var libvirtd = new PrivateLibvirtd();
        var pool = libvirtd.NewPoolDirectory();
        var daemon = Prepare(libvirtd, pool, Quick(("downloads:retries", "0")));
        await daemon.StartAsync();
        var isDown = new TaskCompletionSource();
        await using var server = new WireServer(async e =>
        {
            await e.ServeUpToAsync(Content, e.Request.Number == 1 ? Middle : Content.Length);
            if (e.Request.Number > 1) return;
            await isDown.Task.WaitAsync(e.Stopped);
            await e.WriteAsync(Content.AsMemory(Middle));
        });
        var name = await DownloadToMiddleAsync(daemon, server.Address);

        libvirtd.Kill();
        isDown.SetResult();
        await Patience.UntilAsync(
            () => Task.FromResult(Regex.Count(daemon.Log, "trying again in .*libvirt cannot be reached") >= 3), () => daemon.Log);
        await AssertDownloadingAsync(daemon, name);
        libvirtd.Start();
        await daemon.Client.WaitUntilCompletedAsync(name);

        Assert.That((await File.ReadAllBytesAsync(Path.Combine(pool, name))).AsSpan().SequenceEqual(Content));
    }
}
