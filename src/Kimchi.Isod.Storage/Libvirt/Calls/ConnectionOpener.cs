using System.Diagnostics.CodeAnalysis;
using System.Runtime.ExceptionServices;
using LibvirtSharp;

namespace Kimchi.Isod.Storage.Libvirt.Calls;

/// <summary>
/// Opens connections, each on a thread of its own: where a host has hung, the thread is left behind, and the next attempt knocks anew instead of
/// waiting for an answer to the knock of an hour ago.
/// </summary>
internal static class ConnectionOpener
{
    // Attempts that are given up end at once but for those that wait in connect(2) on a Unix socket whose backlog is full: until the server
    // accepts, or is gone. Then all of them do.
    private const int MaxLeftBehind = 32;

    private static int _leftBehind;

    /// <summary>Opens a connection. Blocks.</summary>
    /// <exception cref="LibvirtSilentException">Nobody answered in time.</exception>
    /// <exception cref="LibvirtSharp.Errors.LibvirtException">It could not be opened.</exception>
    public static LibvirtConnection Open(string uri, TimeSpan bound)
    {
        if (Volatile.Read(ref _leftBehind) >= MaxLeftBehind) throw new LibvirtSilentException(bound);
        return new Attempt(uri).Run(bound) ?? throw new LibvirtSilentException(bound);
    }

    [SuppressMessage("Design", "CA1001", Justification = "A source without a timer or a wait handle has nothing to give back.")]
    private sealed class Attempt(string uri)
    {
        private readonly object _gate = new();
        private readonly CancellationTokenSource _stop = new();
        private LibvirtConnection? _connection;
        private ExceptionDispatchInfo? _failure;
        private bool _isOver;
        private bool _isLeftBehind;

        /// <summary>Opens the connection.</summary>
        /// <returns>It, or null where it took too long.</returns>
        public LibvirtConnection? Run(TimeSpan bound)
        {
            new Thread(Open) { IsBackground = true, Name = "libvirt-open" }.Start();
            if (!IsOverWithin(bound))
            {
                _stop.Cancel();
                return null;
            }

            _failure?.Throw();
            return _connection;
        }

        private bool IsOverWithin(TimeSpan bound)
        {
            var until = Environment.TickCount64 + (long)bound.TotalMilliseconds;
            lock (_gate)
            {
                while (!_isOver && until - Environment.TickCount64 is > 0 and var left) Monitor.Wait(_gate, TimeSpan.FromMilliseconds(left));
                if (_isOver) return true;
                _isLeftBehind = true;
                Interlocked.Increment(ref _leftBehind);
                return false;
            }
        }

        private void Open()
        {
            try
            {
                _connection = LibvirtConnection.Open(uri, _stop.Token);
            }
            catch (Exception e) // It belongs to whoever waits.
            {
                _failure = ExceptionDispatchInfo.Capture(e);
            }

            lock (_gate)
            {
                _isOver = true;
                Monitor.Pulse(_gate);
                if (!_isLeftBehind) return;
            }

            Interlocked.Decrement(ref _leftBehind);
            _connection?.Abort();
            _connection?.Dispose();
        }
    }
}
