namespace LibvirtSharp.Events;

/// <summary>
/// The sockets of one connection. libvirt shows them to nobody, but hands each to the event loop, on the thread that opens the
/// connection and before it says the first word over it.
/// </summary>
internal sealed class WatchedSockets
{
    [ThreadStatic]
    private static WatchedSockets? _opening;

    private readonly Lock _gate = new();
    private readonly List<(HandleTable Table, int Watch)> _sockets = [];
    private bool _isAborted;

    /// <summary>Whether <see cref="Abort"/> was called.</summary>
    public bool IsAborted
    {
        get
        {
            lock (_gate)
                return _isAborted;
        }
    }

    /// <summary>The loop got a new handle, on this thread.</summary>
    public static void Note(HandleTable table, int watch) => _opening?.Add(table, watch);

    /// <summary>Opens a connection, whose sockets these will be.</summary>
    public T Collect<T>(Func<T> open)
    {
        var outer = _opening;
        _opening = this;
        try
        {
            return open();
        }
        finally
        {
            _opening = outer;
        }
    }

    /// <summary>
    /// Shuts them down (shutdown(2)), and those that are still to come: readers see that the other side is gone.
    /// libvirt ends a watch before it closes the socket, so that no other socket of the same number is ever met.
    /// </summary>
    public void Abort()
    {
        lock (_gate)
        {
            _isAborted = true;
            foreach (var (table, watch) in _sockets)
                table.ShutDown(watch);
        }
    }

    private void Add(HandleTable table, int watch)
    {
        lock (_gate)
        {
            _sockets.Add((table, watch));
            if (_isAborted)
                table.ShutDown(watch);
        }
    }
}
