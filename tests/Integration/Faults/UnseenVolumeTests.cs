using Kimchi.Isod.Fixtures;

namespace Kimchi.Isod.Integration.Tests.Faults;

/// <summary>
/// Volumes whose files the daemon does not see, as in a container or with a libvirt elsewhere: nobody can flush them, and their machine
/// may lose what it had not written yet.
/// </summary>
public sealed class UnseenVolumeTests : StorageFaultTest
{
    private TemporaryDirectory _nothing = null!;

    [SetUp]
    public void MakeNothing() => _nothing = new TemporaryDirectory("nothing");

    [TearDown]
    public async Task RemoveNothing()
    {
        await StopDaemons();
        _nothing.Dispose();
    }

    [TestCase(true)]
    [TestCase(false)]
    public async Task Image_is_called_durable_only_where_somebody_can_flush_it(bool isSeen)
    {
        await PrepareAsync(isSeen);

        await Daemon.Client.StartAsync(Nginx.Url(Name), Name);
        await Daemon.Client.WaitUntilCompletedAsync(Name);

        Assert.That((await DownloadAsync()).Field("durable").GetBoolean(), Is.EqualTo(isSeen));
        Assert.That(Daemon.Log.Contains("does not see the volume's file", StringComparison.Ordinal), Is.EqualTo(!isSeen));
        Assert.That(TestFiles.FindDifference(VolumePath, Source), Is.Null);
    }

    [Test]
    public async Task What_its_machine_lost_is_found_however_the_download_goes_on(
        [Values("resume", "restart and resume", "restart", "retry", "libvirtd restarted")] string how)
    {
        await PrepareAsync(isSeen: false);
        await Daemon.Client.StartAsync(Nginx.Url("slow/" + Name), Name);
        await Daemon.Client.WaitForBytesAsync(Name, 6_000_000);
        switch (how)
        {
            case "restart":
                await Daemon.StopAsync();
                break;
            case "libvirtd restarted":
                OwnLibvirtd.Kill();
                break;
            case "retry":
                var hidden = Source + ".hidden";
                await Daemon.Client.PauseAsync(Name);
                File.Move(Source, hidden);
                await Daemon.Client.ResumeAsync(Name);
                await WaitUntilFailedAsync();
                File.Move(hidden, Source);
                break;
            default:
                Assert.That((int)(await Daemon.Client.PauseAsync(Name)).Status, Is.EqualTo(200));
                break;
        }

        LoseWhatWasNotWritten();

        if (how == "libvirtd restarted") OwnLibvirtd.Start();
        if (how == "restart and resume") await Daemon.StopAsync();
        if (how.StartsWith("restart", StringComparison.Ordinal)) await Daemon.StartAsync();
        if (how.EndsWith("resume", StringComparison.Ordinal)) await Daemon.Client.ResumeAsync(Name);
        if (how == "retry") await RetryAsync();

        await AssertCompletesAsync();
        await Daemon.WaitForLogAsync("stored bytes are not intact");
    }

    private Task PrepareAsync(bool isSeen) => StartDaemonAsync(daemon =>
    {
        if (!isSeen) daemon.Overlays[Pool] = _nothing.Path;
    });

    private async Task<ApiReply> DownloadAsync() => await Daemon.Client.GetAsync($"/storagepools/ISO/storagevolumes/download/{Name}");

    // As a machine does that loses its power.
    private void LoseWhatWasNotWritten()
    {
        using var file = new FileStream(VolumePath, FileMode.Open, FileAccess.Write, FileShare.ReadWrite);
        file.Position = 1_000_000;
        file.Write(new byte[2_000_000]);
    }
}
