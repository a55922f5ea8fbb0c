using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using LibvirtSharp.Errors;
using LibvirtSharp.Handles;
using LibvirtSharp.Interop;

namespace LibvirtSharp.Connections;

/// <summary>
/// What libvirt calls when a connection goes. It knows its <see cref="LibvirtConnection"/> weakly only: libvirt holds the watch,
/// and a forgotten connection must still be collected.
/// </summary>
internal sealed unsafe class CloseWatch(LibvirtConnection connection)
{
    private readonly WeakReference<LibvirtConnection> _connection = new(connection);

    internal void Register(ConnectHandle handle)
    {
        var self = GCHandle.Alloc(this);
        if (NativeMethods.virConnectRegisterCloseCallback(handle, &OnClosed, GCHandle.ToIntPtr(self), &OnFree) >= 0)
            return;
        var error = NativeError.Last();
        self.Free();
        throw ErrorTable.Exception(error, handle);
    }

    /// <summary>Fails without harm where libvirt has called back already, for that unregisters too.</summary>
    internal static void Unregister(nint pointer) => _ = NativeMethods.virConnectUnregisterCloseCallback(pointer, &OnClosed);

    // libvirt holds a lock that any call on the connection may want, so the event is raised elsewhere.
    [UnmanagedCallersOnly(CallConvs = [typeof(CallConvCdecl)])]
    private static void OnClosed(nint connection, int reason, nint opaque)
    {
        if (GCHandle.FromIntPtr(opaque).Target is CloseWatch watch && watch._connection.TryGetTarget(out var target))
            ThreadPool.UnsafeQueueUserWorkItem(
                static state => state.target.RaiseClosed((ConnectionCloseReason)state.reason),
                (target, reason),
                preferLocal: false);
    }

    [UnmanagedCallersOnly(CallConvs = [typeof(CallConvCdecl)])]
    private static void OnFree(nint opaque) => GCHandle.FromIntPtr(opaque).Free();
}
