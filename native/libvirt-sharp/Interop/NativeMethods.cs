using System.Runtime.InteropServices;

// libvirt belongs to the system; a file of that name beside the program must not be loaded in its stead.
[assembly: DefaultDllImportSearchPaths(DllImportSearchPath.System32)]
// Only blittable types and generated stubs cross the border.
[assembly: System.Runtime.CompilerServices.DisableRuntimeMarshalling]

namespace LibvirtSharp.Interop;

/// <summary>
/// The raw imports, under libvirt's own names; the headers are <c>libvirt/libvirt-*.h</c> and <c>virterror.h</c>.
/// </summary>
internal static unsafe partial class NativeMethods
{
    /// <summary>The soname: since libvirt 0.0.x the ABI has only grown.</summary>
    internal const string Library = "libvirt.so.0";

    [LibraryImport(Library)]
    internal static partial int virInitialize();

    [LibraryImport(Library)]
    internal static partial int virGetVersion(out CULong version, void* type, void* typeVersion);

    [LibraryImport(Library)]
    internal static partial NativeErrorFields* virGetLastError();

    [LibraryImport(Library)]
    internal static partial void virSetErrorFunc(void* opaque, delegate* unmanaged[Cdecl]<void*, void*, void> handler);
}
