using Kimchi.Isod.Fixtures;

namespace Kimchi.Isod.Integration.Tests.Faults;

/// <summary>What happens to the disk under the pool.</summary>
public sealed class DiskFaultTests : SmallDiskTest
{
    [Test]
    public async Task Disk_that_somebody_fills_fails_the_download_with_the_numbers_and_a_retry_goes_on()
    {
        await BeginAsync(("downloads:retries", "0"));

        Disk.Fill();
        var reason = await WaitUntilFailedAsync();
        Assert.That(reason, Does.Match(@"KCHDL0001E: .*too little free space: \d+ bytes needed, 0 free for it"));
        AssertError(await Daemon.Client.StartAsync(Nginx.Url(Name), NewName()), 400, "KCHDL0001E");
        Disk.Free();
        await RetryAsync();

        await AssertCompletesAsync();
        AssertNothingStoredWasFetchedAgain();
    }

    [Test]
    public async Task Disk_that_is_full_for_a_while_is_waited_for()
    {
        await BeginAsync();

        Disk.Fill();
        await Daemon.WaitForLogAsync("too little free space");
        Assert.That((await Daemon.Client.StatusAsync(Name)).Text("status"), Is.EqualTo("downloading"));
        Disk.Free();

        await AssertCompletesAsync();
        AssertNothingStoredWasFetchedAgain();
    }

    [Test]
    public async Task File_of_unknown_size_that_does_not_fit_fails_with_the_numbers_and_fits_when_there_is_room()
    {
        Disk.Fill(leave: 12 << 20);
        await StartDownloadAsync("chunked/", ("downloads:retries", "0"), ("downloads:window_size", "1M"));

        Assert.That(await WaitUntilFailedAsync(), Does.Match(@"KCHDL0001E: .*too little free space: 1048576 bytes needed, \d+ free"));
        Disk.Free();
        await RetryAsync();

        await AssertCompletesAsync();
    }

    [Test]
    public async Task Disk_that_becomes_read_only_fails_the_download_with_the_reason_and_a_retry_goes_on()
    {
        await BeginAsync(("downloads:retries", "0"), ("downloads:window_size", "1M"));

        // Not while a file is open for writing; between two windows none is.
        await Patience.UntilAsync(() => Task.FromResult(Disk.TryRemount("ro")), () => "the disk is always in use");
        Assert.That(await WaitUntilFailedAsync(), Does.Contain("Read-only file system"));
        AssertError(await Daemon.Client.StartAsync(Nginx.Url(Name), NewName()), 500, "KCHVOL0007E");
        Assert.That(Disk.TryRemount("rw"));
        await RetryAsync();

        await AssertCompletesAsync();
        AssertNothingStoredWasFetchedAgain();
    }

    [Test]
    public async Task Pool_directory_that_vanishes_is_named_and_the_download_goes_on_by_itself_when_it_is_back()
    {
        await BeginAsync();

        Directory.Move(Pool, Pool + "-elsewhere");
        await Daemon.WaitForLogAsync($"trying again in .*{Pool}");
        var start = await Daemon.Client.StartAsync(Nginx.Url(Name), NewName());
        Directory.Move(Pool + "-elsewhere", Pool);

        AssertError(start, 400, "KCHPOOL0006E");
        Assert.That(start.Text("reason"), Does.Contain(Pool));
        await AssertCompletesAsync();
        AssertNothingStoredWasFetchedAgain();
    }
}
