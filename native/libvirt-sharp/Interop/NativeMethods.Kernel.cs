using System.Runtime.InteropServices;

namespace LibvirtSharp.Interop;

/// <content>What the event loop asks of Linux: epoll(7), timerfd_create(2).</content>
internal static unsafe partial class NativeMethods
{
    private const string Kernel = "libc";

    [LibraryImport(Kernel, SetLastError = true)]
    internal static partial int epoll_create1(int flags);

    [LibraryImport(Kernel, SetLastError = true)]
    internal static partial int epoll_ctl(int epoll, int operation, int descriptor, byte* change);

    [LibraryImport(Kernel, SetLastError = true)]
    internal static partial int epoll_wait(int epoll, byte* ready, int capacity, int milliseconds);

    [LibraryImport(Kernel, SetLastError = true)]
    internal static partial int timerfd_create(int clock, int flags);

    [LibraryImport(Kernel, SetLastError = true)]
    internal static partial int timerfd_settime(int timer, int flags, in TimerSetting setting, nint old);

    [LibraryImport(Kernel, SetLastError = true)]
    internal static partial int close(int descriptor);
}
