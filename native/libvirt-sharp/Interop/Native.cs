using System.Runtime.InteropServices;

namespace LibvirtSharp.Interop;

/// <summary>libvirt's functions as they are: libvirt/libvirt.h and its parts. Nothing is checked here.</summary>
internal static unsafe partial class Native
{
    private const string Library = "libvirt.so.0";

    [LibraryImport(Library, EntryPoint = "virInitialize")]
    public static partial int Initialize();

    [LibraryImport(Library, EntryPoint = "virGetVersion")]
    public static partial int GetVersion(out nuint version, nint type, nint typeVersion);

    [LibraryImport(Library, EntryPoint = "virGetLastError")]
    public static partial NativeError* GetLastError();

    [LibraryImport(Library, EntryPoint = "virResetLastError")]
    public static partial void ResetLastError();

    [LibraryImport(Library, EntryPoint = "virSetErrorFunc")]
    public static partial void SetErrorFunction(nint userData, delegate* unmanaged<nint, NativeError*, void> handler);

    [LibraryImport(Library, EntryPoint = "virEventRegisterDefaultImpl")]
    public static partial int EventRegisterDefault();

    [LibraryImport(Library, EntryPoint = "virEventRunDefaultImpl")]
    public static partial int EventRunDefault();

    [LibraryImport(Library, EntryPoint = "virConnectOpen", StringMarshalling = StringMarshalling.Utf8)]
    public static partial ConnectionHandle ConnectOpen(string uri);

    [LibraryImport(Library, EntryPoint = "virConnectOpenReadOnly", StringMarshalling = StringMarshalling.Utf8)]
    public static partial ConnectionHandle ConnectOpenReadOnly(string uri);

    [LibraryImport(Library, EntryPoint = "virConnectClose")]
    public static partial int ConnectClose(nint connection);

    [LibraryImport(Library, EntryPoint = "virConnectIsAlive")]
    public static partial int ConnectIsAlive(ConnectionHandle connection);

    [LibraryImport(Library, EntryPoint = "virConnectGetURI")]
    public static partial nint ConnectGetUri(ConnectionHandle connection);

    [LibraryImport(Library, EntryPoint = "virConnectGetLibVersion")]
    public static partial int ConnectGetLibVersion(ConnectionHandle connection, out nuint version);

    [LibraryImport(Library, EntryPoint = "virConnectSetKeepAlive")]
    public static partial int ConnectSetKeepAlive(ConnectionHandle connection, int interval, uint count);

    [LibraryImport(Library, EntryPoint = "virConnectRegisterCloseCallback")]
    public static partial int ConnectRegisterCloseCallback(
        ConnectionHandle connection, delegate* unmanaged<nint, int, nint, void> callback, nint userData, delegate* unmanaged<nint, void> free);

    [LibraryImport(Library, EntryPoint = "virConnectUnregisterCloseCallback")]
    public static partial int ConnectUnregisterCloseCallback(
        ConnectionHandle connection, delegate* unmanaged<nint, int, nint, void> callback);

    /// <summary>struct _virError of virterror.h.</summary>
    [StructLayout(LayoutKind.Sequential)]
    public struct NativeError
    {
        public int Code;
        public int Domain;
        public byte* Message;
        public int Level;
        public nint Connection;
        public nint Machine;
        public byte* Text1;
        public byte* Text2;
        public byte* Text3;
        public int Number1;
        public int Number2;
        public nint Network;
    }
}
