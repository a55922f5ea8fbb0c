using System.Runtime.InteropServices;

namespace LibvirtSharp.Interop;

internal static unsafe partial class NativeMethods
{
    /// <summary>Makes an event loop of the program's own libvirt's; the six callbacks are those of libvirt-event.h.</summary>
    [LibraryImport(Library)]
    internal static partial void virEventRegisterImpl(
        delegate* unmanaged[Cdecl]<
            int, int, delegate* unmanaged[Cdecl]<int, int, int, nint, void>, nint, delegate* unmanaged[Cdecl]<nint, void>, int> addHandle,
        delegate* unmanaged[Cdecl]<int, int, void> updateHandle,
        delegate* unmanaged[Cdecl]<int, int> removeHandle,
        delegate* unmanaged[Cdecl]<
            int, delegate* unmanaged[Cdecl]<int, nint, void>, nint, delegate* unmanaged[Cdecl]<nint, void>, int> addTimeout,
        delegate* unmanaged[Cdecl]<int, int, void> updateTimeout,
        delegate* unmanaged[Cdecl]<int, int> removeTimeout);
}
