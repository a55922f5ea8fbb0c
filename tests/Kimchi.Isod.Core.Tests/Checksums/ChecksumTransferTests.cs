using System.Security.Cryptography;
using Kimchi.Isod.Core.Errors;
using Kimchi.Isod.Core.Options;
using Kimchi.Isod.Core.Starting;
using Kimchi.Isod.Core.State;
using Kimchi.Isod.Core.Tests.Fakes;
using Kimchi.Isod.Core.Volumes;
using Microsoft.Extensions.Time.Testing;

namespace Kimchi.Isod.Core.Tests.Checksums;

/// <summary>Downloads that are compared with a checksum.</summary>
public sealed class ChecksumTransferTests
{
    private const int Packet = 7_000;

    [Test]
    public async Task Image_that_matches_is_published([Values(1, 65_535, 65_536, 65_537, 500_000)] int size, [Values] bool tellsSize)
    {
        var world = new World(size);
        world.Source.TellsSize = tellsSize;

        await world.StartAsync(checksum: Of(world));
        await world.WaitForAsync(DownloadState.Completed);

        Assert.That(world.Pools["a.iso"].Bytes, Is.EqualTo(world.Content));
    }

    // Its own older copy was put in its place: the digest has bytes that the volume does not have any more.
    [Test]
    public async Task Bytes_that_are_lost_while_it_is_paused_are_fetched_and_digested_again([Values(0, 1, 2)] int firstLost)
    {
        var world = new World(500_000);
        var gate = await world.StartHeldAsync(450_000, checksum: Of(world));
        await world.PauseAsync();
        gate.Open();
        var volume = world.Pools["a.iso"];
        var lost = world.Store.LoadWindows(1).Skip(firstLost).ToList();
        Assert.That(lost, Is.Not.Empty);
        foreach (var window in lost) volume.Bytes.AsSpan((int)window.Start, (int)window.Length).Clear();
        volume.FileNumber++;

        await world.ResumeAsync();
        await world.WaitForAsync(DownloadState.Completed);

        Assert.That(volume.Bytes, Is.EqualTo(world.Content));
    }

    [Test]
    public async Task Image_of_every_kind_of_checksum_is_compared([Values("md5", "sha1", "sha256", "sha384", "sha512", "blake2b")] string kind)
    {
        var world = new World(200_000);
        var digest = kind == "blake2b" ? Blake2bTests.Hash(world.Content) : CryptographicOperations.HashData(new HashAlgorithmName(kind.ToUpperInvariant()), world.Content);

        await world.StartAsync("good.iso", $"{kind}:{Convert.ToHexString(digest)}");
        await world.WaitForAsync(DownloadState.Completed, "good.iso");
        digest[^1] ^= 1;
        await world.StartAsync("bad.iso", $"{kind}:{Convert.ToHexString(digest)}");
        await world.WaitForAsync(DownloadState.Failed, "bad.iso");
    }

    [Test]
    public async Task List_that_comes_byte_by_byte_keeps_no_start_waiting()
    {
        var time = new FakeTimeProvider();
        var world = new World(500_000, new DownloadOptions { ChecksumTimeout = TimeSpan.FromSeconds(10), MinFree = 0 }, time: time);
        world.Source.ReadSize = 1;
        world.Source.BeforeRead = (_, _) =>
        {
            time.Advance(TimeSpan.FromSeconds(1));
            return Task.CompletedTask;
        };

        var failure = await Assert.ThrowsAsync<DownloadException>(() => world.Commands.StartAsync(
            new StartRequest("ISO", World.Url, "a.iso", null, ChecksumUrl: "https://host/SHA256SUMS"), CancellationToken.None));

        Assert.That(failure!.Kind, Is.EqualTo(DownloadErrorKind.RemoteUnreadable));
        Assert.That(failure.Message, Does.Contain("within 10 s (downloads:checksum_timeout)"));
        Assert.That(world.Source.OpenFiles, Is.Zero);
        Assert.That(world.Pools.Has("a.iso"), Is.False);
        Assert.That(world.Scheduler.IsAtRest);
    }

    [Test]
    public async Task Mismatch_is_final_says_what_was_expected_and_found_and_leaves_no_volume()
    {
        var world = new World(500_000, new DownloadOptions { WindowSize = 100_000, PacketSize = Packet, MinFree = 0, Retries = 5 });
        var expected = $"sha256:{new string('0', 64)}";

        await world.StartAsync(checksum: expected);
        var record = await world.WaitForAsync(DownloadState.Failed);

        Assert.That(record.Failure!.Kind, Is.EqualTo(DownloadErrorKind.ChecksumMismatch));
        Assert.That(record.Failure.Reason, Does.Contain($"expected {expected}").And.Contain($"found {Of(world)}"));
        Assert.That(world.Source.OpenedAt, Has.Count.EqualTo(1), "it is not tried again");
        Assert.That(() => world.Pools.Has("a.iso"), Is.False.After(5000, 2));
    }

    [Test]
    public async Task Mismatch_of_a_file_that_was_mended_is_fetched_anew_when_it_is_tried_again()
    {
        var world = new World(500_000);
        var checksum = Of(world);
        world.Source.Content = [.. world.Content];
        world.Source.Content[400_000] ^= 1;
        await world.StartAsync(checksum: checksum);
        await world.WaitForAsync(DownloadState.Failed);
        world.Source.Content = world.Content;

        await world.RetryAsync();
        await world.WaitForAsync(DownloadState.Completed);

        Assert.That(world.Pools["a.iso"].Bytes, Is.EqualTo(world.Content));
    }

    [Test]
    public async Task Checksum_goes_on_where_it_was_after_a_pause_with_nothing_read_back([Values(30_000, 65_536, 300_000, 499_999)] int position)
    {
        var world = new World(500_000);
        var gate = await world.StartHeldAsync(position, checksum: Of(world));
        await world.PauseAsync();
        gate.Open();
        var reads = world.Pools["a.iso"].BytesRead;

        await world.ResumeAsync();
        await world.WaitForAsync(DownloadState.Completed);

        Assert.That(world.Pools["a.iso"].BytesRead - reads, Is.LessThan(position < 70_000 ? 200_000 : position));
    }

    [Test]
    public async Task Checksum_is_right_after_windows_in_flight_were_lost_again_and_again()
    {
        var world = new World(500_000, new DownloadOptions { WindowSize = 100_000, PacketSize = Packet, MinFree = 0, Retries = 20, RetryMaxDelay = TimeSpan.FromMilliseconds(1) });
        var next = 20_000L;
        world.Source.BeforeRead = (at, _) =>
        {
            if (at < next) return Task.CompletedTask;
            next = at + 50_000;
            if (world.Pools.Has("a.iso") && at > 100_000) world.Pools["a.iso"].NextWriteFailure = Transient(DownloadErrorKind.VolumeLost);
            throw Transient(DownloadErrorKind.RemoteUnreadable);
        };

        await world.StartAsync(checksum: Of(world));
        await world.WaitForAsync(DownloadState.Completed);

        Assert.That(world.Source.OpenedAt, Has.Count.GreaterThan(5));
        Assert.That(world.Pools["a.iso"].Bytes, Is.EqualTo(world.Content));
    }

    [Test]
    public async Task Checksum_is_read_back_where_a_restart_lost_it([Values(30_000, 65_536, 300_000, 500_000)] int position, [Values] bool isSuspect)
    {
        var before = new World(500_000);
        await before.StartHeldAsync(position, checksum: Of(before));
        await before.Recovery.StoppingAsync(CancellationToken.None);
        var record = before.Store.FindNewest(new VolumeId("ISO", "a.iso"))!;
        before.Store.Update(record with { IsSuspect = isSuspect });

        var after = new World(500_000, store: before.Store, pools: before.Pools);
        await after.Recovery.StartingAsync(CancellationToken.None);
        await after.WaitForAsync(DownloadState.Completed);

        Assert.That(after.Source.OpenedAt, Has.All.EqualTo(record.ImagePosition), "nothing is fetched twice");
        Assert.That(after.Pools["a.iso"].Bytes, Is.EqualTo(after.Content));
    }

    [Test]
    public async Task Checksum_is_right_after_holes_were_filled()
    {
        var before = new World(500_000);
        await before.StartHeldAsync(400_000, checksum: Of(before));
        await before.Recovery.StoppingAsync(CancellationToken.None);
        var record = before.Store.FindNewest(new VolumeId("ISO", "a.iso"))!;
        before.Store.Update(record with { IsSuspect = true });
        var lost = before.Store.LoadWindows(record.Id)[1];
        before.Pools["a.iso"].Bytes.AsSpan((int)lost.Start, (int)lost.Length).Clear();

        var after = new World(500_000, store: before.Store, pools: before.Pools);
        await after.Recovery.StartingAsync(CancellationToken.None);
        await after.WaitForAsync(DownloadState.Completed);

        Assert.That(after.Pools["a.iso"].Bytes, Is.EqualTo(after.Content));
    }

    [Test]
    public async Task File_that_changed_while_paused_is_compared_as_it_is_now()
    {
        var world = new World(500_000);
        var other = new byte[400_000];
        new Random(7).NextBytes(other);
        var gate = await world.StartHeldAsync(300_000, checksum: $"sha256:{Convert.ToHexString(SHA256.HashData(other))}");
        await world.PauseAsync();
        gate.Open();
        (world.Source.Content, world.Source.ETag) = (other, "\"2\"");

        await world.ResumeAsync();
        await world.WaitForAsync(DownloadState.Completed);

        Assert.That(world.Pools["a.iso"].Bytes, Is.EqualTo(other));
    }

    private static string Of(World world) => $"sha256:{Convert.ToHexStringLower(SHA256.HashData(world.Content))}";

    private static DownloadException Transient(DownloadErrorKind kind) =>
        DownloadException.Transient(kind, "for now", retryAfter: TimeSpan.Zero);
}
