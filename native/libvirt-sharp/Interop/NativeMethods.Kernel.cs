using System.Runtime.InteropServices;

namespace LibvirtSharp.Interop;

/// <content>What the event loop and those that give a connection up ask of Linux: epoll(7), timerfd_create(2), socket(7).</content>
internal static unsafe partial class NativeMethods
{
    /// <summary><c>SHUT_RDWR</c> of shutdown(2).</summary>
    internal const int ShutBoth = 2;

    /// <summary><c>F_DUPFD_CLOEXEC</c> of fcntl(2).</summary>
    internal const int DuplicateCloseOnExec = 1030;

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
    internal static partial int setsockopt(int socket, int level, int option, in int value, uint length);

    [LibraryImport(Kernel, SetLastError = true)]
    internal static partial int shutdown(int socket, int how);

    // Variadic, which for integers is no difference on Linux (x64, arm64).
    [LibraryImport(Kernel, SetLastError = true)]
    internal static partial int fcntl(int descriptor, int command, nint argument);

    [LibraryImport(Kernel, SetLastError = true)]
    internal static partial int close(int descriptor);
}
