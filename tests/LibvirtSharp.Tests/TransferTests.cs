using System.Diagnostics;
using LibvirtSharp.Errors;

namespace LibvirtSharp.Tests;

public sealed class TransferTests : LibvirtTest
{
    [TestCase(0)]
    [TestCase(1)]
    [TestCase(4095)]
    [TestCase(MiB)]
    [TestCase(3 * MiB + 17)]
    public void Bytes_uploaded_at_an_offset_are_there_at_once(int offset)
    {
        using var pool = NewPool();
        using var volume = NewVolume(pool, 8 * MiB);
        var bytes = RandomBytes(2 * MiB + 3, seed: offset);
        Upload(Connection, volume, (ulong)offset, bytes);
        Assert.That(Read(Connection, volume, (ulong)offset, (ulong)bytes.Length).AsSpan().SequenceEqual(bytes));
        Assert.That(Read(Connection, volume, (ulong)(offset + 2 * MiB), 3), Is.EqualTo(bytes[^3..]));
        Assert.That(new FileInfo(volume.Path).Length, Is.EqualTo(8 * MiB));
    }

    [Test]
    public void Windows_in_any_order_make_one_image()
    {
        using var pool = NewPool();
        using var volume = NewVolume(pool, 4 * MiB, 4 * MiB);
        var image = RandomBytes(4 * MiB);
        foreach (var window in new[] { 2, 0, 3, 1 })
            Upload(Connection, volume, (ulong)(window * MiB), image.AsSpan(window * MiB, MiB));
        Assert.That(Read(Connection, volume, 0, 0).AsSpan().SequenceEqual(image));
    }

    [Test]
    public void Send_larger_than_a_packet_arrives_whole()
    {
        using var pool = NewPool();
        var bytes = RandomBytes(LibvirtStream.MaxPacketSize + MiB);
        using var volume = NewVolume(pool, (ulong)bytes.Length);
        Upload(Connection, volume, 0, bytes);
        Assert.That(Read(Connection, volume, 0, 0).AsSpan().SequenceEqual(bytes));
    }

    [Test]
    public void Empty_send_does_not_end_the_upload()
    {
        using var pool = NewPool();
        using var volume = NewVolume(pool, MiB);
        using var stream = Connection.NewStream();
        volume.Upload(stream, 0, 8);
        stream.Send("four"u8);
        stream.Send([]);
        stream.Send("more"u8);
        stream.Finish();
        Assert.That(Read(Connection, volume, 0, 8), Is.EqualTo("fourmore"u8.ToArray()));
    }

    [Test]
    public void Upload_finished_early_keeps_what_was_sent()
    {
        using var pool = NewPool();
        using var volume = NewVolume(pool, MiB);
        using var stream = Connection.NewStream();
        volume.Upload(stream, 0, MiB);
        stream.Send("early"u8);
        stream.Finish();
        Assert.That(Read(Connection, volume, 0, 5), Is.EqualTo("early"u8.ToArray()));
    }

    [Test]
    public void More_bytes_than_the_length_fail()
    {
        using var pool = NewPool();
        using var volume = NewVolume(pool, MiB);
        using var stream = Connection.NewStream();
        volume.Upload(stream, 0, 64 * KiB);
        var bytes = RandomBytes(64 * KiB);
        var error = Assert.Catch<LibvirtException>(() =>
        {
            for (var packet = 0; packet < 1000; packet++)
                stream.Send(bytes);
        });
        TestContext.Out.WriteLine($"{error!.GetType().Name} {error.Code} {error.SystemError}: {error.Message}");
        Assert.That(error.Code, Is.EqualTo(LibvirtErrorCode.SystemError));
    }

    [Test]
    public void Hole_reads_as_zeros_and_takes_no_space()
    {
        using var pool = NewPool();
        using var volume = NewVolume(pool, 2 * MiB);
        using var stream = Connection.NewStream();
        volume.Upload(stream, 0, 2 * MiB, StorageVolumeTransferOptions.Sparse);
        stream.Send(RandomBytes(64 * KiB));
        stream.SendHole(MiB);
        stream.Send("end"u8);
        stream.Finish();
        Assert.That(Read(Connection, volume, MiB, 64 * KiB), Is.EqualTo(new byte[64 * KiB]));
        Assert.That(Read(Connection, volume, MiB + 64 * KiB, 3), Is.EqualTo("end"u8.ToArray()));
        Assert.That(volume.GetInfo().Allocation, Is.LessThan((ulong)MiB));
        Assert.That(() => stream.SendHole(-1), Throws.TypeOf<ArgumentOutOfRangeException>());
    }

    [Test]
    public void Sparse_download_gives_the_zeros_of_its_holes()
    {
        using var pool = NewPool();
        using var volume = NewVolume(pool, MiB);
        Upload(Connection, volume, 512 * KiB, "x"u8);
        using var stream = Connection.NewStream();
        volume.Download(stream, 0, 0, StorageVolumeTransferOptions.Sparse);
        var (buffer, all) = (new byte[100_000], new List<byte>());
        for (var count = stream.Receive(buffer); count > 0; count = stream.Receive(buffer))
            all.AddRange(buffer.AsSpan(0, count));
        stream.Finish();
        Assert.That((all.Count, all[512 * KiB]), Is.EqualTo((MiB, (byte)'x')));
    }

    [Test]
    public void Aborted_and_abandoned_uploads_leave_the_volume_usable()
    {
        using var pool = NewPool();
        using var volume = NewVolume(pool, MiB);
        for (var i = 0; i < 5; i++)
        {
            using var stream = Connection.NewStream();
            volume.Upload(stream, 0, MiB);
            stream.Send("x"u8);
            if (i % 2 == 0)
                stream.Abort();
        }

        UploadPatiently(volume, "whole"u8.ToArray());
        Assert.That(Read(Connection, volume, 0, 5), Is.EqualTo("whole"u8.ToArray()));
    }

    [Test]
    public void Download_left_early_is_finished_or_aborted()
    {
        using var pool = NewPool();
        using var volume = NewVolume(pool, 8 * MiB);
        Upload(Connection, volume, 0, RandomBytes(8 * MiB));
        var buffer = new byte[KiB];
        foreach (var end in new Action<LibvirtStream>[] { s => s.Abort(), s => s.Dispose() })
        {
            using var stream = Connection.NewStream();
            volume.Download(stream, 0, 0);
            Assert.That(stream.Receive(buffer), Is.GreaterThan(0));
            Assert.That(() => end(stream), Throws.Nothing);
        }

        Assert.That(Connection.IsAlive);
    }

    [Test]
    public void Stream_without_a_transfer_refuses_everything()
    {
        using var stream = Connection.NewStream();
        Assert.That(() => stream.Send("x"u8), Throws.InstanceOf<LibvirtException>());
        Assert.That(() => stream.Receive(new byte[1]), Throws.InstanceOf<LibvirtException>());
        Assert.That(stream.Finish, Throws.InstanceOf<LibvirtException>());
        Assert.That(stream.Abort, Throws.Nothing);
        Assert.That(() => stream.Receive([]), Throws.ArgumentException);
    }

    [Test]
    public void Disposed_stream_throws()
    {
        var stream = Connection.NewStream();
        stream.Dispose();
        stream.Dispose();
        Assert.That(() => stream.Send("x"u8), Throws.TypeOf<ObjectDisposedException>());
        Assert.That(stream.Finish, Throws.TypeOf<ObjectDisposedException>());
    }

    [Test]
    public void Download_past_the_end_is_refused_or_empty()
    {
        using var pool = NewPool();
        using var volume = NewVolume(pool, KiB);
        Assert.That(Read(Connection, volume, KiB, 0), Is.Empty);
        Assert.That(Read(Connection, volume, 0, MiB), Has.Length.EqualTo(KiB));
    }

    [Test]
    public void Transfer_on_a_stopped_pool_is_refused()
    {
        using var pool = NewPool();
        using var volume = NewVolume(pool, KiB);
        pool.Destroy();
        using var stream = Connection.NewStream();
        Assert.That(
            () => volume.Upload(stream, 0, 1),
            Throws.TypeOf<LibvirtException>().With.Property("Code").EqualTo(LibvirtErrorCode.OperationInvalid));
    }

    [Test]
    public void Reading_4_KiB_back_is_quick()
    {
        using var pool = NewPool();
        using var volume = NewVolume(pool, 64 * MiB, 64 * MiB);
        Upload(Connection, volume, 0, RandomBytes(64 * MiB));
        _ = Read(Connection, volume, 0, 4 * KiB);
        const int Times = 200;
        var clock = Stopwatch.StartNew();
        for (var i = 0; i < Times; i++)
            _ = Read(Connection, volume, (ulong)(i * 64 * KiB), 4 * KiB);
        TestContext.Out.WriteLine($"4 KiB read back: {clock.Elapsed.TotalMilliseconds / Times:F3} ms");
        Assert.That(clock.Elapsed, Is.LessThan(TimeSpan.FromSeconds(20)));
    }

    [Test]
    public void Windows_end_is_right_as_soon_as_it_is_finished()
    {
        using var pool = NewPool();
        using var volume = NewVolume(pool, 256 * MiB, 256 * MiB);
        var bytes = RandomBytes(MiB);
        for (var window = 0; window < 256; window++)
        {
            new Random(window).NextBytes(bytes.AsSpan(MiB - 4 * KiB));
            var start = (ulong)window * MiB;
            Upload(Connection, volume, start, bytes);
            var end = Read(Connection, volume, start + MiB - 4 * KiB, 4 * KiB);
            Assert.That(end.AsSpan().SequenceEqual(bytes.AsSpan(MiB - 4 * KiB)));
        }
    }

    private void UploadPatiently(StorageVolume volume, byte[] bytes)
    {
        // libvirtd ends an aborted transfer in its own time and calls the volume busy until then.
        Kimchi.Isod.Fixtures.Patience.Until(
            () =>
            {
                try
                {
                    Upload(Connection, volume, 0, bytes);
                    return true;
                }
                catch (LibvirtBusyException)
                {
                    return false;
                }
            },
            () => "the volume stays busy");
    }
}
