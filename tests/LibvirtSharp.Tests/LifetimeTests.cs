using System.Runtime.CompilerServices;
using Kimchi.Isod.Fixtures;

namespace LibvirtSharp.Tests;

/// <summary>What is left of us in libvirtd, seen from outside: its open files (sockets, volumes) and its threads.</summary>
[NonParallelizable] // It counts the files of the libvirtd that all share.
public sealed class LifetimeTests : LibvirtTest
{
    [Test]
    public void Disposed_objects_leave_nothing_open_in_libvirtd()
    {
        using var pool = NewPool();
        using var volume = NewVolume(pool, MiB);
        var before = OpenFiles();
        for (var i = 0; i < 50; i++)
        {
            using var connection = LibvirtConnection.Open(Libvirtd.Shared.Uri);
            using var samePool = connection.LookupStoragePool(pool.Name);
            using var sameVolume = samePool.LookupVolume(volume.Name);
            foreach (var one in samePool.ListVolumes())
                one.Dispose();
        }

        Patience.Until(() => OpenFiles() <= before, () => $"{OpenFiles()} files open in libvirtd, {before} before");
    }

    [Test]
    public void Order_of_disposal_is_free()
    {
        var before = OpenFiles();
        var connection = LibvirtConnection.Open(Libvirtd.Shared.Uri);
        var pool = NewPool(connection, Libvirtd.Shared);
        var volume = NewVolume(pool, MiB);
        var stream = connection.NewStream();
        volume.Upload(stream, 0, MiB);
        connection.Dispose();
        pool.Dispose();
        volume.Dispose();
        stream.Send("x"u8);
        stream.Dispose();
        Patience.Until(() => OpenFiles() <= before, () => $"{OpenFiles()} files open in libvirtd, {before} before");
    }

    [Test]
    public void Abandoned_streams_leave_no_thread_and_no_file_in_libvirtd()
    {
        using var pool = NewPool();
        using var volume = NewVolume(pool, 8 * MiB);
        var (files, threads) = (OpenFiles(), Threads());
        for (var i = 0; i < 40; i++)
        {
            using var stream = Connection.NewStream();
            volume.Download(stream, 0, 0);
        }

        Patience.Until(
            () => OpenFiles() <= files && Threads() <= threads + WorkersThatMayCome,
            () => $"{OpenFiles()} files and {Threads()} threads in libvirtd, {files} and {threads} before");
    }

    [Test]
    public void Forgotten_objects_are_collected()
    {
        var before = OpenFiles();
        for (var i = 0; i < 10; i++)
            Forget();
        Patience.Until(
            () =>
            {
                GC.Collect();
                GC.WaitForPendingFinalizers();
                return OpenFiles() <= before;
            },
            () => $"{OpenFiles()} files open in libvirtd, {before} before");
    }

    // libvirtd keeps up to max_workers = 20 threads for calls and starts them as they are needed.
    private static int WorkersThatMayCome => 20;

    [MethodImpl(MethodImplOptions.NoInlining)]
    private static void Forget()
    {
        var connection = LibvirtConnection.Open(Libvirtd.Shared.Uri);
        connection.Closed += (_, _) => { };
        var pool = NewPool(connection, Libvirtd.Shared);
        var volume = NewVolume(pool, MiB);
        volume.Upload(connection.NewStream(), 0, 1);
    }

    private static int OpenFiles() => Directory.GetFileSystemEntries($"/proc/{Libvirtd.Shared.ProcessId}/fd").Length;

    private static int Threads() => Directory.GetFileSystemEntries($"/proc/{Libvirtd.Shared.ProcessId}/task").Length;
}
