using LibvirtSharp.Connections;
using LibvirtSharp.Interop;

namespace LibvirtSharp.Handles;

/// <summary>A <c>virConnectPtr</c> and, where one is registered, its close callback.</summary>
internal sealed class ConnectHandle : LibvirtHandle
{
    private bool _watched;

    /// <inheritdoc/>
    internal override ConnectHandle Connection => this;

    /// <summary>Whether libvirt says that the connection is open; asks the client library only, not the server.</summary>
    internal bool IsAlive => !IsClosed && NativeMethods.virConnectIsAlive(this) == 1;

    /// <summary>Has <paramref name="watch"/> told when the connection goes.</summary>
    internal void Watch(CloseWatch watch)
    {
        watch.Register(this);
        _watched = true;
    }

    /// <inheritdoc/>
    protected override bool Free(nint pointer)
    {
        // The callback holds a reference of its own, so without this the connection would never be closed.
        if (_watched)
            CloseWatch.Unregister(pointer);
        return NativeMethods.virConnectClose(pointer) >= 0;
    }
}
