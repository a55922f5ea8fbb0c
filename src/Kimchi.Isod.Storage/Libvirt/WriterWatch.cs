using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;

namespace Kimchi.Isod.Storage.Libvirt;

/// <summary>Counts who closes a file that had it open for writing: inotify(7).</summary>
/// <remarks>
/// An event that is the same as the one before it, which nobody has read yet, is dropped: two writers that close the file with nothing in between
/// count once. So opening the file is an event too, which separates them.
/// </remarks>
internal sealed partial class WriterWatch : IDisposable
{
    private const int NonBlockingCloseOnExec = 0x800 | 0x80000;
    private const uint Wanted = CloseWrite | 0x20; // IN_OPEN
    private const uint CloseWrite = 0x8;
    private const uint UncertainMask = 0x2000 | 0x4000 | 0x8000; // IN_UNMOUNT, IN_Q_OVERFLOW, IN_IGNORED
    private const int Many = 1000;
    private const int HeaderSize = 16;
    private const int MaskOffset = 4;
    private const int LengthOffset = 12;

    private readonly SafeFileHandle _queue;
    private readonly byte[] _buffer = new byte[4096];

    private WriterWatch(SafeFileHandle queue) => _queue = queue;

    /// <summary>Watches an open file, whatever its name is.</summary>
    /// <returns>Null where the kernel gives no watch.</returns>
    public static WriterWatch? TryStart(SafeFileHandle file)
    {
        var queue = NewQueue(NonBlockingCloseOnExec);
        if (!queue.IsInvalid && AddWatch(queue, $"/proc/self/fd/{file.DangerousGetHandle()}", Wanted) >= 0) return new WriterWatch(queue);
        queue.Dispose();
        return null;
    }

    /// <summary>How many since the last call; many where the kernel could not tell of all.</summary>
    public int Count()
    {
        var writers = 0;
        int length;
        while ((length = (int)Read(_queue, _buffer, (nuint)_buffer.Length)) > 0) writers += CountIn(_buffer.AsSpan(0, length));
        return writers;
    }

    /// <summary>Watches no more.</summary>
    public void Dispose() => _queue.Dispose();

    private static int CountIn(ReadOnlySpan<byte> events)
    {
        var writers = 0;
        while (events.Length >= HeaderSize)
        {
            var mask = BitConverter.ToUInt32(events[MaskOffset..]);
            if ((mask & UncertainMask) != 0) writers += Many;
            if ((mask & CloseWrite) != 0) writers++;
            events = events[(HeaderSize + BitConverter.ToInt32(events[LengthOffset..]))..];
        }

        return writers;
    }

    [LibraryImport("libc", EntryPoint = "inotify_init1")]
    private static partial SafeFileHandle NewQueue(int flags);

    [LibraryImport("libc", EntryPoint = "inotify_add_watch", StringMarshalling = StringMarshalling.Utf8)]
    private static partial int AddWatch(SafeFileHandle queue, string path, uint mask);

    [LibraryImport("libc", EntryPoint = "read")]
    private static partial long Read(SafeFileHandle queue, [Out] byte[] buffer, nuint length);
}
