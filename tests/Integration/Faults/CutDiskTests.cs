using Kimchi.Isod.Fixtures;

namespace Kimchi.Isod.Integration.Tests.Faults;

/// <summary>The disk under the pool is cut off, as by a loss of its power, and comes back, while the machine and the daemon run on.</summary>
public sealed class CutDiskTests : StorageFaultTest
{
    private CutDisk _disk = null!;

    [TearDown]
    public async Task RemoveDisk()
    {
        await StopDaemons();
        OwnLibvirtd.Kill();
        _disk.Dispose();
    }

    [Test]
    public async Task Paused_download_has_all_that_it_had([Values] bool isRestarted)
    {
        await BeginAsync();
        Assert.That((int)(await Daemon.Client.PauseAsync(Name)).Status, Is.EqualTo(200));
        if (isRestarted) await Daemon.StopAsync();

        _disk.CutAndMountAgain();

        if (isRestarted) await Daemon.StartAsync();
        Assert.That((int)(await Daemon.Client.ResumeAsync(Name)).Status, Is.EqualTo(200));
        await AssertCompletesAsync();
        AssertNothingStoredWasFetchedAgain();
    }

    [Test]
    public async Task Failed_download_has_all_that_it_had()
    {
        await BeginAsync();
        await Daemon.Client.PauseAsync(Name);
        var hidden = Source + ".hidden";
        File.Move(Source, hidden);
        await Daemon.Client.ResumeAsync(Name);
        await WaitUntilFailedAsync();
        File.Move(hidden, Source);

        _disk.CutAndMountAgain();

        await RetryAsync();
        await AssertCompletesAsync();
    }

    [Test]
    public async Task Completed_image_is_whole()
    {
        await StartDownloadAsync("");
        await AssertCompletesAsync();
        Assert.That((await Daemon.Client.GetAsync($"/storagepools/ISO/storagevolumes/download/{Name}")).Field("durable").GetBoolean());

        _disk.CutAndMountAgain();

        Assert.That(TestFiles.FindDifference(VolumePath, Source), Is.Null, "the first different byte");
    }

    private protected override string MakePoolDirectory()
    {
        _disk = new CutDisk(128);
        return Directory.CreateDirectory(Path.Combine(_disk.Path, "pool")).FullName;
    }
}
