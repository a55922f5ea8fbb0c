using System.Diagnostics.CodeAnalysis;
using Kimchi.Isod.Core.Transfer;
using LibvirtSharp;

namespace Kimchi.Isod.Storage.Libvirt.Calls;

/// <summary>Opens connections to a libvirt that may not answer. Blocks, but not for ever.</summary>
internal static class ConnectionOpener
{
    // Attempts that are given up end at once but for those that wait in connect(2) on a Unix socket whose backlog is full: until the server
    // accepts, or is gone. Then all of them do.
    private const int MaxLeftBehind = 64;

    // TCP repeats its first packet after 1, 3, 7, 15 and 31 s: a host that is back is met sooner by a new attempt.
    private static readonly TimeSpan KnockInterval = TimeSpan.FromSeconds(4);

    private static int _leftBehind;

    /// <summary>Opens a connection.</summary>
    /// <exception cref="LibvirtSilentException">Nobody answered in time.</exception>
    /// <exception cref="LibvirtSharp.Errors.LibvirtException">It could not be opened.</exception>
    public static LibvirtConnection Open(string uri, TimeSpan bound)
    {
        var opening = new Opening(uri);
        var left = bound;
        do
        {
            if (Volatile.Read(ref _leftBehind) < MaxLeftBehind) opening.Knock();
            var patience = left < KnockInterval ? left : KnockInterval;
            if (opening.EndsWithin(patience)) return opening.Connection;
            left -= patience;
        }
        while (left > TimeSpan.Zero);
        return opening.GiveUp() ? throw new LibvirtSilentException(bound) : opening.Connection;
    }

    /// <summary>Attempts at one connection, each on a thread of its own, which can be left behind: the first that has an answer counts.</summary>
    [SuppressMessage("Design", "CA1001", Justification = "A source without a timer or a wait handle has nothing to give back.")]
    private sealed class Opening(string uri)
    {
        private readonly TaskCompletionSource<LibvirtConnection> _answer = new(TaskCreationOptions.RunContinuationsAsynchronously);
        private readonly PatientWait _wait = new();
        private readonly CancellationTokenSource _stop = new();
        private readonly Lock _gate = new();
        private int _running;
        private bool _isGivenUp;

        /// <summary>The connection, once <see cref="EndsWithin"/> has said that there is an answer.</summary>
        /// <exception cref="LibvirtSharp.Errors.LibvirtException">It could not be opened.</exception>
        public LibvirtConnection Connection => _wait.ResultOf(_answer.Task);

        /// <summary>Begins another attempt.</summary>
        public void Knock()
        {
            lock (_gate) _running++;
            new Thread(Attempt) { IsBackground = true, Name = "libvirt-open" }.Start();
        }

        /// <summary>Whether there is an answer by then.</summary>
        public bool EndsWithin(TimeSpan patience) => _wait.For(_answer.Task, patience);

        /// <summary>Ends the attempts, those that can be ended; the others have no effect any more.</summary>
        /// <returns>False where an answer came first.</returns>
        public bool GiveUp()
        {
            if (!_answer.TrySetCanceled(_stop.Token)) return false;
            lock (_gate)
            {
                _isGivenUp = true;
                Interlocked.Add(ref _leftBehind, _running);
            }

            _stop.Cancel();
            return true;
        }

        private void Attempt()
        {
            try
            {
                var connection = LibvirtConnection.Open(uri, _stop.Token);
                if (!_answer.TrySetResult(connection)) Drop(connection);
            }
            catch (Exception e) // It belongs to whoever waits.
            {
                _answer.TrySetException(e);
            }

            lock (_gate)
            {
                _running--;
                if (_isGivenUp) Interlocked.Decrement(ref _leftBehind);
            }
        }

        private static void Drop(LibvirtConnection connection)
        {
            connection.Abort();
            connection.Dispose();
        }
    }
}
