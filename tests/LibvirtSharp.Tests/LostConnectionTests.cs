using System.Diagnostics;
using Kimchi.Isod.Fixtures;
using LibvirtSharp.Errors;

namespace LibvirtSharp.Tests;

/// <summary>Each with a libvirtd of its own, since it is killed or stopped.</summary>
public sealed class LostConnectionTests : LibvirtTest
{
    private static readonly TimeSpan Soon = TimeSpan.FromSeconds(20);

    [Test]
    public async Task Killed_libvirtd_raises_Closed_once_and_fails_every_call()
    {
        using var libvirtd = new PrivateLibvirtd();
        using var connection = LibvirtConnection.Open(libvirtd.Uri);
        var reasons = new List<ConnectionCloseReason>();
        var closed = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        connection.Closed += (_, e) =>
        {
            reasons.Add(e.Reason);
            closed.SetResult();
        };
        libvirtd.Kill();
        await closed.Task.WaitAsync(Soon);
        Assert.That(reasons, Has.Count.EqualTo(1).And.All.EqualTo(ConnectionCloseReason.EndOfFile));
        Assert.That(connection.IsAlive, Is.False);
        Assert.That(connection.ListStoragePools, Throws.TypeOf<ConnectionLostException>());
        Assert.That(connection.NewStream, Throws.Nothing, "a stream is made by the client alone");
    }

    [Test]
    public void Libvirtd_killed_amid_a_send_is_a_lost_connection()
    {
        using var libvirtd = new PrivateLibvirtd();
        using var connection = LibvirtConnection.Open(libvirtd.Uri);
        using var pool = NewPool(connection, libvirtd);
        using var volume = NewVolume(pool, 1UL << 40);
        using var stream = connection.NewStream();
        volume.Upload(stream, 0, 1UL << 40);
        var bytes = RandomBytes(256 * KiB);
        stream.Send(bytes);
        using var killer = new Timer(_ => libvirtd.Kill(), null, 50, Timeout.Infinite);
        var error = Assert.Throws<ConnectionLostException>(() =>
        {
            // The same place again and again would be kinder to the disk, but a stream only goes on.
            for (var sent = 0L; sent < 4L << 30; sent += bytes.Length)
                stream.Send(bytes);
        });
        Tell(error!);
        Assert.That(() => stream.Finish(), Throws.TypeOf<ConnectionLostException>());
        Assert.That(() => volume.GetInfo(), Throws.TypeOf<ConnectionLostException>());
    }

    [Test]
    public async Task Stopped_libvirtd_is_given_up_after_its_keepalives()
    {
        using var libvirtd = new PrivateLibvirtd();
        using var connection = LibvirtConnection.Open(libvirtd.Uri);
        Assert.That(connection.SetKeepAlive(1, 2));
        var closed = new TaskCompletionSource<ConnectionCloseReason>(TaskCreationOptions.RunContinuationsAsynchronously);
        connection.Closed += (_, e) => closed.SetResult(e.Reason);
        using var pool = NewPool(connection, libvirtd);
        using var volume = NewVolume(pool, 1UL << 40);
        using var stream = connection.NewStream();
        volume.Upload(stream, 0, 1UL << 40);
        libvirtd.Stop();
        var clock = Stopwatch.StartNew();
        var bytes = RandomBytes(256 * KiB);
        var error = Assert.Throws<ConnectionLostException>(() =>
        {
            for (var sent = 0L; sent < 1L << 30; sent += bytes.Length)
                stream.Send(bytes);
        });
        await TestContext.Out.WriteLineAsync($"given up after {clock.Elapsed}");
        Tell(error!);
        Assert.That(clock.Elapsed, Is.LessThan(Soon));
        Assert.That(await closed.Task.WaitAsync(Soon), Is.EqualTo(ConnectionCloseReason.KeepAlive));
        libvirtd.Continue();
    }

    [Test]
    public void New_connection_after_a_restart_finds_everything_again()
    {
        using var libvirtd = new PrivateLibvirtd();
        string pool, volume;
        using (var connection = LibvirtConnection.Open(libvirtd.Uri))
        {
            using var made = NewPool(connection, libvirtd);
            made.Autostart = true;
            using var file = NewVolume(made, MiB);
            Upload(connection, file, 5, "kept"u8);
            (pool, volume) = (made.Name, file.Name);
            libvirtd.Kill();
        }

        libvirtd.Start();
        using var again = LibvirtConnection.Open(libvirtd.Uri);
        using var found = again.LookupStoragePool(pool);
        Assert.That(found.IsActive);
        using var kept = found.LookupVolume(volume);
        Assert.That(Read(again, kept, 5, 4), Is.EqualTo("kept"u8.ToArray()));
    }

    [Test]
    public async Task Handler_of_Closed_may_dispose_the_connection()
    {
        using var libvirtd = new PrivateLibvirtd();
        var connection = LibvirtConnection.Open(libvirtd.Uri);
        var disposed = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        connection.Closed += (_, _) =>
        {
            connection.Dispose();
            disposed.SetResult();
        };
        libvirtd.Kill();
        await disposed.Task.WaitAsync(Soon);
        Assert.That(connection.IsAlive, Is.False);
    }

    private static void Tell(LibvirtException e) =>
        TestContext.Out.WriteLine($"{e.GetType().Name}: code {e.Code}, domain {e.Domain}, errno {e.SystemError}: {e.Message}");
}
