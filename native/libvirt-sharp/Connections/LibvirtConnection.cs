using LibvirtSharp.Connections;
using LibvirtSharp.Errors;
using LibvirtSharp.Events;
using LibvirtSharp.Handles;
using LibvirtSharp.Interop;

namespace LibvirtSharp;

/// <summary>
/// A connection to a libvirt server (<c>virConnectPtr</c>). Any thread may use it, several at once. Its calls block until the
/// server answers. It stays open until it and every pool, volume and stream made from it have been disposed of.
/// </summary>
public sealed partial class LibvirtConnection : IDisposable
{
    private readonly ConnectHandle _handle;
    private readonly WatchedSockets _sockets;
    private volatile bool _disposed;

    private LibvirtConnection(ConnectHandle handle, WatchedSockets sockets) => (_handle, _sockets) = (handle, sockets);

    /// <summary>
    /// Raised once, on a thread of the thread pool, when the connection has gone, also by <see cref="Abort"/>; never for
    /// <see cref="Dispose"/>, nor after it.
    /// Needs <see cref="LibvirtEventLoop.Start"/> before <see cref="Open"/> (<c>virConnectRegisterCloseCallback</c>). Without
    /// keepalives a server that hangs is not noticed: <see cref="SetKeepAlive"/>. What a handler throws ends the process, as any
    /// exception on a thread of the pool.
    /// </summary>
    public event EventHandler<ConnectionClosedEventArgs>? Closed;

    /// <summary>
    /// Whether the client still believes in the connection (<c>virConnectIsAlive</c>). Asks no server, so it can be out of date
    /// without keepalives; false after <see cref="Abort"/> and <see cref="Dispose"/>.
    /// </summary>
    public bool IsAlive => !_disposed && !_sockets.IsAborted && _handle.IsAlive;

    /// <summary>The URI in the server's own spelling (<c>virConnectGetURI</c>).</summary>
    /// <exception cref="LibvirtException">libvirt refused.</exception>
    public string Uri => Check.NotNull(NativeMethods.virConnectGetURI(Handle), _handle);

    /// <summary>The version of the client library (<c>virGetVersion</c>).</summary>
    public Version LibraryVersion { get; } = LibvirtLibrary.GetVersion();

    /// <summary>The version of the server's libvirt (<c>virConnectGetLibVersion</c>). Asks the server.</summary>
    /// <exception cref="LibvirtException">The server could not be asked.</exception>
    public Version ServerVersion
    {
        get
        {
            Check.NotNegative(NativeMethods.virConnectGetLibVersion(Handle, out var version), _handle);
            return LibvirtLibrary.Decode(version);
        }
    }

    private ConnectHandle Handle
    {
        get
        {
            ObjectDisposedException.ThrowIf(_disposed, this);
            return _handle;
        }
    }

    /// <summary>Connects (<c>virConnectOpen</c>). Blocks until the server answers.</summary>
    /// <param name="uri">
    /// A libvirt URI such as <c>qemu:///system</c>, or <c>storage:///system</c> for the storage driver alone.
    /// </param>
    /// <param name="cancellationToken">
    /// Gives the attempt up, also where the server or its host has hung. Needs <see cref="LibvirtEventLoop.Start"/>. One place it cannot
    /// reach: connect(2) on a Unix socket whose backlog is full, which waits for the server to accept or to end.
    /// </param>
    /// <exception cref="LibvirtNotInstalledException">The library is missing.</exception>
    /// <exception cref="ConnectionFailedException">No server answered.</exception>
    /// <exception cref="LibvirtAccessDeniedException">
    /// The server, or the mode of its socket, does not let the caller in.
    /// </exception>
    /// <exception cref="LibvirtException">Another failure, such as a URI without a driver.</exception>
    /// <exception cref="OperationCanceledException"><paramref name="cancellationToken"/> fired first.</exception>
    public static LibvirtConnection Open(string uri, CancellationToken cancellationToken = default) =>
        Connect(ArgumentText.Checked(uri), NativeMethods.virConnectOpen, cancellationToken);

    /// <summary>Connects for reading alone (<c>virConnectOpenReadOnly</c>); whatever changes something throws.</summary>
    /// <inheritdoc cref="Open"/>
    public static LibvirtConnection OpenReadOnly(string uri, CancellationToken cancellationToken = default) =>
        Connect(ArgumentText.Checked(uri), NativeMethods.virConnectOpenReadOnly, cancellationToken);

    /// <summary>
    /// Sends keepalives (<c>virConnectSetKeepAlive</c>): a server that has been silent for <paramref name="intervalSeconds"/> ×
    /// (<paramref name="count"/> + 1) seconds is given up, and calls in flight throw <see cref="ConnectionLostException"/>. Needs
    /// <see cref="LibvirtEventLoop.Start"/> before <see cref="Open"/>. libvirtd's main loop waits where a slow disk takes a
    /// write, so that a few seconds can be too few.
    /// </summary>
    /// <param name="intervalSeconds">Seconds of silence before a keepalive is sent; 0 or less turns keepalives off.</param>
    /// <param name="count">How many keepalives may go unanswered.</param>
    /// <returns>False where the server knows no keepalives, and none are sent.</returns>
    /// <exception cref="LibvirtException">No event loop runs, or the driver has no connection to keep alive.</exception>
    public bool SetKeepAlive(int intervalSeconds, uint count) =>
        Check.NotNegative(NativeMethods.virConnectSetKeepAlive(Handle, intervalSeconds, count), _handle) == 0;

    /// <summary>Makes a stream for one transfer (<c>virStreamNew</c>), blocking.</summary>
    /// <exception cref="LibvirtException">libvirt refused.</exception>
    public LibvirtStream NewStream() => new(Check.Child(NativeMethods.virStreamNew(Handle, 0), _handle));

    /// <summary>
    /// Shuts the connection's socket down (shutdown(2)), without a word to the server: calls that wait for it throw
    /// <see cref="ConnectionLostException"/>, as all later ones do, and <see cref="Dispose"/> does not block any more. Any thread may call,
    /// at any time. Does nothing where <see cref="LibvirtEventLoop.Start"/> was not called before the connection was opened.
    /// </summary>
    public void Abort() => _sockets.Abort();

    /// <summary>
    /// Gives the connection up (<c>virConnectClose</c>). It is closed once its pools, volumes and streams are disposed of too.
    /// Tells the server, and so blocks while a hanging one is waited for: call <see cref="Abort"/> first, or meanwhile.
    /// </summary>
    public void Dispose()
    {
        _disposed = true;
        _handle.Dispose();
    }

    internal void RaiseClosed(ConnectionCloseReason reason)
    {
        if (!_disposed)
            Closed?.Invoke(this, new ConnectionClosedEventArgs(reason));
    }

    private static LibvirtConnection Connect(string uri, Func<string, ConnectHandle> open, CancellationToken cancellationToken)
    {
        LibvirtLibrary.EnsureReady();
        var opening = new Opening(uri);
        var handle = opening.Run(open, cancellationToken);
        var connection = new LibvirtConnection(handle, opening.Sockets);
        if (LibvirtEventLoop.IsRunning)
            handle.Watch(new CloseWatch(connection));
        return connection;
    }
}
