using Kimchi.Isod.Fixtures;

namespace Kimchi.Isod.Integration.Tests.Faults;

/// <summary>What others do to the volume of a download that runs.</summary>
public sealed class VolumeFaultTests : StorageFaultTest
{
    [Test]
    public async Task Volume_that_is_deleted_fails_the_download_with_the_reason_and_a_retry_begins_again()
    {
        await BeginAsync();

        OwnLibvirtd.Virsh("vol-delete", "--pool", "ISO", Name);
        Assert.That(await WaitUntilFailedAsync(), Does.Contain("gone from the pool"));
        await RetryAsync();

        await AssertCompletesAsync();
    }

    [Test]
    public async Task File_of_the_volume_that_is_removed_fails_the_download_with_the_reason_and_a_retry_begins_again()
    {
        await BeginAsync(("downloads:retries", "1"));

        File.Delete(VolumePath);
        Assert.That(await WaitUntilFailedAsync(), Does.Contain("gone from the pool"));
        await RetryAsync();

        await AssertCompletesAsync();
    }

    [Test]
    public async Task Volume_that_is_resized_fails_the_download_and_is_no_image([Values(1_000_000, 30_000_000)] int size)
    {
        await BeginAsync();

        using (var file = File.OpenWrite(VolumePath)) file.SetLength(size);
        Assert.That(await WaitUntilFailedAsync(), Does.Contain("bytes instead of 24000000: somebody else changed it"));

        Assert.That(VolumeStart.IsToken(File.ReadAllBytes(VolumePath).AsSpan(0, 65_536)));
        Assert.That((int)(await Daemon.Client.CancelAsync(Name)).Status, Is.EqualTo(200));
        Assert.That(File.Exists(VolumePath), Is.False);
    }

    [Test]
    public async Task Volume_that_others_wrote_to_while_the_daemon_was_down_is_mended()
    {
        await BeginAsync();
        await Daemon.KillAsync();
        using (var file = File.OpenWrite(VolumePath))
        {
            file.Position = 1_500_000;
            file.Write(new byte[100_000]);
        }

        await Daemon.StartAsync();

        await AssertCompletesAsync();
        await Daemon.WaitForLogAsync("stored bytes are not intact");
        Assert.That(Replies.Sum(reply => reply.Bytes), Is.LessThan(Size * 3 / 2), "only the damaged window is fetched again");
    }
}
