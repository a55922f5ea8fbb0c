using System.Runtime.InteropServices;

namespace LibvirtSharp.Interop;

internal static unsafe partial class NativeMethods
{
    [LibraryImport(Library)]
    internal static partial int virEventRegisterDefaultImpl();

    [LibraryImport(Library)]
    internal static partial int virEventRunDefaultImpl();

    [LibraryImport(Library)]
    internal static partial int virEventAddTimeout(
        int milliseconds,
        delegate* unmanaged[Cdecl]<int, nint, void> callback,
        nint opaque,
        delegate* unmanaged[Cdecl]<nint, void> free);
}
