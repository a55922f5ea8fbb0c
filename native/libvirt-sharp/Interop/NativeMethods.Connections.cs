using System.Runtime.InteropServices;
using System.Runtime.InteropServices.Marshalling;
using LibvirtSharp.Handles;

namespace LibvirtSharp.Interop;

internal static unsafe partial class NativeMethods
{
    [LibraryImport(Library, StringMarshalling = StringMarshalling.Utf8)]
    internal static partial ConnectHandle virConnectOpen(string name);

    [LibraryImport(Library, StringMarshalling = StringMarshalling.Utf8)]
    internal static partial ConnectHandle virConnectOpenReadOnly(string name);

    [LibraryImport(Library)]
    internal static partial int virConnectClose(nint connection);

    [LibraryImport(Library)]
    internal static partial int virConnectIsAlive(ConnectHandle connection);

    [LibraryImport(Library)]
    [return: MarshalUsing(typeof(OwnedText))]
    internal static partial string? virConnectGetURI(ConnectHandle connection);

    [LibraryImport(Library)]
    internal static partial int virConnectGetLibVersion(ConnectHandle connection, out CULong version);

    [LibraryImport(Library)]
    internal static partial int virConnectSetKeepAlive(ConnectHandle connection, int interval, uint count);

    [LibraryImport(Library)]
    internal static partial int virConnectRegisterCloseCallback(
        ConnectHandle connection,
        delegate* unmanaged[Cdecl]<nint, int, nint, void> callback,
        nint opaque,
        delegate* unmanaged[Cdecl]<nint, void> free);

    [LibraryImport(Library)]
    internal static partial int virConnectUnregisterCloseCallback(
        nint connection,
        delegate* unmanaged[Cdecl]<nint, int, nint, void> callback);
}
