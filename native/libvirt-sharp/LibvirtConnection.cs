using System.Runtime.InteropServices;
using LibvirtSharp.Errors;
using LibvirtSharp.Interop;

namespace LibvirtSharp;

/// <summary>A connection to a libvirt daemon. May be used from several threads at once, as libvirt's own.</summary>
public sealed unsafe partial class LibvirtConnection : IDisposable
{
    private readonly ConnectionHandle _handle;
    private bool _hasCloseCallback;

    private LibvirtConnection(ConnectionHandle handle) => _handle = handle;

    /// <summary>Raised when the connection is lost, on the thread of <see cref="LibvirtEventLoop"/>. Do not block in it.</summary>
    /// <remarks>virConnectRegisterCloseCallback. Needs the event loop, started before the connection was opened.</remarks>
    public event EventHandler<ConnectionClosedEventArgs>? Closed;

    /// <summary>Whether the connection still works, as far as the client's side knows: virConnectIsAlive.</summary>
    public bool IsAlive => Native.ConnectIsAlive(_handle) == 1;

    /// <summary>The URI that was really opened: virConnectGetURI.</summary>
    /// <exception cref="LibvirtException">The connection is lost.</exception>
    public string Uri => Check.OwnedText(Native.ConnectGetUri(_handle));

    /// <summary>The version of the daemon's libvirt: virConnectGetLibVersion.</summary>
    /// <exception cref="LibvirtException">The connection is lost.</exception>
    public Version ServerVersion
    {
        get
        {
            Check.Result(Native.ConnectGetLibVersion(_handle, out var version));
            return Decode(version);
        }
    }

    /// <summary>The version of the client's library: virGetVersion.</summary>
    /// <exception cref="LibvirtNotInstalledException">There is none.</exception>
    public static Version LibraryVersion
    {
        get
        {
            LibvirtLibrary.Require();
            Check.Result(Native.GetVersion(out var version, 0, 0));
            return Decode(version);
        }
    }

    /// <summary>Opens a connection: virConnectOpen. Blocks until the daemon answers.</summary>
    /// <param name="uri">Such as <c>qemu:///system</c> or <c>storage:///session</c>.</param>
    /// <exception cref="LibvirtConnectionException">The daemon cannot be reached.</exception>
    /// <exception cref="LibvirtAccessDeniedException">It does not let this user in.</exception>
    /// <exception cref="LibvirtNotInstalledException">libvirt is not installed.</exception>
    public static LibvirtConnection Open(string uri)
    {
        LibvirtLibrary.Require();
        return Open(Native.ConnectOpen(uri));
    }

    /// <summary>Opens a connection that can only look: virConnectOpenReadOnly.</summary>
    /// <inheritdoc cref="Open(string)"/>
    public static LibvirtConnection OpenReadOnly(string uri)
    {
        LibvirtLibrary.Require();
        return Open(Native.ConnectOpenReadOnly(uri));
    }

    /// <summary>Has the daemon's silence noticed: virConnectSetKeepAlive. Needs the event loop.</summary>
    /// <param name="intervalSeconds">Seconds between two messages, at least 1; 0 to send none.</param>
    /// <param name="count">How many may go unanswered before the connection is closed.</param>
    /// <exception cref="LibvirtException">The connection is lost.</exception>
    public void SetKeepAlive(int intervalSeconds, uint count) =>
        Check.Result(Native.ConnectSetKeepAlive(_handle, intervalSeconds, count));

    /// <summary>Makes a stream for one upload or download: virStreamNew. Sends and receives on it block.</summary>
    /// <exception cref="LibvirtException">The connection is lost.</exception>
    public LibvirtStream NewStream() => new(Check.Handle(Native.StreamNew(_handle, 0)));

    /// <summary>Closes the connection. Objects that were got from it stay usable until they are disposed, as in libvirt.</summary>
    public void Dispose()
    {
        if (_hasCloseCallback && !_handle.IsClosed) _ = Native.ConnectUnregisterCloseCallback(_handle, &OnClosed);
        _hasCloseCallback = false;
        _handle.Dispose();
    }

    private static LibvirtConnection Open(ConnectionHandle handle)
    {
        var connection = new LibvirtConnection(Check.Handle(handle));
        var self = GCHandle.Alloc(new WeakReference<LibvirtConnection>(connection));
        var result = Native.ConnectRegisterCloseCallback(connection._handle, &OnClosed, GCHandle.ToIntPtr(self), &FreeUserData);
        connection._hasCloseCallback = result == 0;
        // Drivers without a connection to lose (test:///) have no callback; that is no failure.
        if (result != 0) self.Free();
        return connection;
    }

    private static Version Decode(nuint version) =>
        new((int)(version / 1_000_000), (int)(version / 1000 % 1000), (int)(version % 1000));

    [UnmanagedCallersOnly]
    private static void OnClosed(nint connection, int reason, nint userData)
    {
        if (GCHandle.FromIntPtr(userData).Target is WeakReference<LibvirtConnection> weak && weak.TryGetTarget(out var target))
            target.Closed?.Invoke(target, new ConnectionClosedEventArgs((ConnectionCloseReason)reason));
    }

    [UnmanagedCallersOnly]
    private static void FreeUserData(nint userData) => GCHandle.FromIntPtr(userData).Free();
}
