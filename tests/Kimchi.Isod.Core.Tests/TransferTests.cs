using Kimchi.Isod.Core.Errors;
using Kimchi.Isod.Core.Images;
using Kimchi.Isod.Core.Options;
using Kimchi.Isod.Core.State;
using Kimchi.Isod.Core.Tests.Fakes;
using Kimchi.Isod.Core.Volumes;
using Kimchi.Isod.Fixtures;

namespace Kimchi.Isod.Core.Tests;

public sealed class TransferTests
{
    private const int Window = 100_000;
    private const int Packet = 7_000;

    [TestCase(1)]
    [TestCase(Packet - 1)]
    [TestCase(Packet)]
    [TestCase(Packet + 1)]
    [TestCase(HeldHead.Size - 1)]
    [TestCase(HeldHead.Size)]
    [TestCase(HeldHead.Size + 1)]
    [TestCase(HeldHead.Size + Window - 1)]
    [TestCase(HeldHead.Size + Window)]
    [TestCase(HeldHead.Size + Window + 1)]
    [TestCase(1_000_000)]
    public async Task File_of_any_size_arrives_byte_for_byte(int size)
    {
        var world = new World(size);

        await world.StartAsync();
        var record = await world.WaitForAsync(DownloadState.Completed);

        Assert.That(world.Pools["a.iso"].Bytes, Is.EqualTo(world.Content));
        Assert.That(record.ImagePosition, Is.EqualTo(size));
        Assert.That(world.Source.OpenedAt, Is.EqualTo(new long[] { 0 }), "one request is enough");
        Assert.That(() => world.Source.OpenFiles, Is.Zero.After(5000, 2));
    }

    [Test]
    public async Task Head_stays_out_of_the_volume_until_all_the_rest_is_there()
    {
        var world = new World(500_000);
        var gate = await world.StartHeldAsync(490_000);
        Assert.That(VolumeStart.IsToken(world.Pools["a.iso"].Bytes.AsSpan(0, HeldHead.Size)));

        gate.Open();
        await world.WaitForAsync(DownloadState.Completed);

        Assert.That(world.Pools["a.iso"].Uploads[^1], Is.EqualTo((0L, (long)HeldHead.Size)));
        Assert.That(world.Pools["a.iso"].Bytes, Is.EqualTo(world.Content));
    }

    [TestCase(10)]
    [TestCase(HeldHead.Size - 10)]
    [TestCase(HeldHead.Size)]
    [TestCase(250_000)]
    public async Task Pause_keeps_every_byte_and_resume_asks_for_the_next(int position)
    {
        var world = new World(500_000);
        world.Source.ReadSize = 10;
        if (position > 1000) world.Source.ReadSize = position / 10;
        var gate = await world.StartHeldAsync(position);

        await world.PauseAsync();
        var paused = await world.StatusAsync();
        gate.Open();
        await world.ResumeAsync();
        await world.WaitForAsync(DownloadState.Completed);

        Assert.That(paused.ImagePosition, Is.GreaterThanOrEqualTo(position));
        Assert.That(world.Source.OpenedAt, Is.EqualTo(new[] { 0, paused.ImagePosition }));
        Assert.That(world.Pools["a.iso"].Bytes, Is.EqualTo(world.Content));
    }

    [Test]
    public async Task Window_that_libvirt_lost_though_finish_succeeded_fails_the_download()
    {
        var world = new World(500_000);
        var gate = await world.StartHeldAsync(0);
        world.Pools["a.iso"].LosesBytesFrom = 300_000;

        gate.Open();
        var record = await world.WaitForAsync(DownloadState.Failed);

        Assert.That(record.Failure!.Kind, Is.EqualTo(DownloadErrorKind.VolumeLost));
        Assert.That(record.ImagePosition, Is.LessThanOrEqualTo(300_000));
        Assert.That(VolumeStart.IsToken(world.Pools["a.iso"].Bytes.AsSpan(0, HeldHead.Size)), "a broken image is never published");
    }

    // A block device's old bytes stay where a write is lost, also under zeros.
    [Test]
    public async Task Zeros_that_were_lost_on_a_block_device_are_noticed([Values] bool isLost)
    {
        var world = new World(500_000);
        world.Content.AsSpan(200_000).Clear();
        var gate = await world.StartHeldAsync(0);
        var volume = world.Pools["a.iso"];
        volume.IsZeroed = false;
        volume.Bytes.AsSpan(HeldHead.Size).Fill(0xFF);
        volume.LosesBytesFrom = isLost ? 400_000 : long.MaxValue;

        gate.Open();
        await world.WaitForAsync(isLost ? DownloadState.Failed : DownloadState.Completed);

        if (!isLost) Assert.That(volume.Bytes, Is.EqualTo(world.Content));
    }

    // The last extent of a device is longer than the image.
    [Test]
    public async Task Old_data_of_a_block_device_does_not_show_behind_the_image()
    {
        var world = new World(500_000);
        var gate = await world.StartHeldAsync(0);
        var volume = world.Pools["a.iso"];
        volume.IsZeroed = false;
        volume.Resize(900_000);
        volume.Bytes.AsSpan(HeldHead.Size).Fill(0xFF);
        gate.Open();
        await world.WaitForAsync(DownloadState.Completed);

        Assert.That(volume.Bytes[..500_000], Is.EqualTo(world.Content));
        Assert.That(volume.Bytes[500_000..], Is.All.Zero);
    }

    [Test]
    public async Task File_that_changed_while_paused_is_fetched_from_its_first_byte()
    {
        var world = new World(500_000);
        var gate = await world.StartHeldAsync(300_000);
        await world.PauseAsync();
        gate.Open();
        var other = new byte[400_000];
        new Random(7).NextBytes(other);
        (world.Source.Content, world.Source.ETag) = (other, "\"2\"");

        await world.ResumeAsync();
        var record = await world.WaitForAsync(DownloadState.Completed);

        Assert.That(world.Pools["a.iso"].Bytes, Is.EqualTo(other));
        Assert.That(record.Restarts, Is.EqualTo(1));
        Assert.That(record.ImageSize, Is.EqualTo(other.Length));
    }

    [Test]
    public async Task File_of_unknown_size_arrives_and_cannot_be_paused()
    {
        var world = new World(500_000);
        world.Source.TellsSize = false;
        var gate = await world.StartHeldAsync(300_000);

        Assert.That(() => world.PauseAsync(), Throws.TypeOf<DownloadException>().With.Property("Kind").EqualTo(DownloadErrorKind.NotPausable));
        Assert.That((await world.StatusAsync()).ImageSize, Is.Null);
        gate.Open();
        var record = await world.WaitForAsync(DownloadState.Completed);

        Assert.That(world.Pools["a.iso"].Bytes, Is.EqualTo(world.Content));
        Assert.That(record.ImageSize, Is.EqualTo(500_000));
    }

    [Test]
    public async Task Server_without_ranges_cannot_be_paused()
    {
        var world = new World(500_000);
        world.Source.IsResumable = false;
        await world.StartHeldAsync(300_000);

        Assert.That(() => world.PauseAsync(), Throws.TypeOf<DownloadException>().With.Property("Kind").EqualTo(DownloadErrorKind.NotPausable));
    }

    [Test]
    public async Task Transient_failure_is_tried_again_from_the_last_byte()
    {
        var world = new World(500_000, new DownloadOptions { WindowSize = Window, PacketSize = Packet, MinFree = 0, Retries = 1 });
        var failures = 0;
        world.Source.BeforeRead = (at, _) => at >= 43 * Packet && failures++ == 0
            ? throw DownloadException.Transient(DownloadErrorKind.RemoteUnreadable, "reset", retryAfter: TimeSpan.Zero)
            : Task.CompletedTask;

        await world.StartAsync();
        var record = await world.WaitForAsync(DownloadState.Completed);

        Assert.That(world.Source.OpenedAt, Is.EqualTo(new long[] { 0, 43 * Packet }), "what had arrived is not fetched again");
        Assert.That(record.Attempts, Is.EqualTo(2));
        Assert.That(world.Pools["a.iso"].Bytes, Is.EqualTo(world.Content));
    }

    [Test]
    public async Task Volume_that_somebody_shrank_fails_the_download_instead_of_writing_past_its_end()
    {
        var world = new World(500_000);
        var gate = await world.StartHeldAsync(300_000);
        await world.PauseAsync();
        gate.Open();
        world.Pools["a.iso"].Resize(400_000);

        await world.ResumeAsync();
        var record = await world.WaitForAsync(DownloadState.Failed);

        Assert.That(record.Failure!.Reason, Does.Contain("400000 bytes instead of 500000"));
    }

    [Test]
    public async Task Volume_that_somebody_resized_in_the_middle_is_noticed_at_the_next_window([Values(400_000, 600_000)] int size)
    {
        var world = new World(500_000);
        var gate = await world.StartHeldAsync(300_000);
        world.Pools["a.iso"].Resize(size);
        gate.Open();

        var record = await world.WaitForAsync(DownloadState.Failed);

        Assert.That(record.Failure!.Reason, Does.Contain("bytes instead of 500000"));
        Assert.That(VolumeStart.IsToken(world.Pools["a.iso"].Bytes.AsSpan(0, HeldHead.Size)));
    }

    [Test]
    public async Task Volume_that_is_gone_fails_the_download_and_a_retry_begins_again()
    {
        var world = new World(500_000);
        var gate = await world.StartHeldAsync(300_000);
        await world.PauseAsync();
        gate.Open();
        world.Pools.Remove("a.iso");

        await world.ResumeAsync();
        Assert.That((await world.WaitForAsync(DownloadState.Failed)).Failure!.Kind, Is.EqualTo(DownloadErrorKind.VolumeLost));
        await world.RetryAsync();
        await world.WaitForAsync(DownloadState.Completed);

        Assert.That(world.Pools["a.iso"].Bytes, Is.EqualTo(world.Content));
    }

    [Test]
    public async Task Failed_download_goes_on_from_its_last_byte_when_it_is_tried_again()
    {
        var world = new World(500_000);
        world.Source.BeforeRead = (at, _) => at >= 43 * Packet
            ? throw new DownloadException(DownloadErrorKind.RemoteUnreadable, "403") : Task.CompletedTask;
        await world.StartAsync();
        var failed = await world.WaitForAsync(DownloadState.Failed);
        world.Source.BeforeRead = (_, _) => Task.CompletedTask;

        await world.RetryAsync();
        var record = await world.WaitForAsync(DownloadState.Completed);

        Assert.That(world.Source.OpenedAt, Is.EqualTo(new[] { 0, failed.ImagePosition }));
        Assert.That(record.Failure, Is.Null);
        Assert.That(world.Pools["a.iso"].Bytes, Is.EqualTo(world.Content));
    }

    [Test]
    public async Task Refused_image_fails_at_its_head_and_leaves_no_volume()
    {
        var world = new World(500_000);
        "QED\0"u8.CopyTo(world.Content);
        world.Source.BeforeRead = (at, token) => at > 400_000 ? Task.Delay(Timeout.Infinite, token) : Task.CompletedTask;

        await world.StartAsync();
        var record = await world.WaitForAsync(DownloadState.Failed);

        Assert.That(record.Failure!.Kind, Is.EqualTo(DownloadErrorKind.NotAnImage));
        Assert.That(world.Pools.Has("a.iso"), Is.False);
    }

    [Test]
    public async Task Sparse_volume_promises_only_what_is_missing([Values(VolumeAllocation.Full, VolumeAllocation.Sparse)] VolumeAllocation allocation)
    {
        var world = new World(500_000);
        world.Pools.Allocation = allocation;
        world.Pools.Capacity = 600_000;
        var gate = await world.StartHeldAsync(300_000);

        Assert.That(
            () => world.StartAsync("b.iso"),
            Throws.TypeOf<DownloadException>().With.Property("Kind").EqualTo(DownloadErrorKind.NoSpace));
        gate.Open();
        await world.WaitForAsync(DownloadState.Completed);

        Assert.That(world.Pools["a.iso"].Bytes, Is.EqualTo(world.Content));
    }
}
