using System.Collections.Concurrent;
using System.Diagnostics.CodeAnalysis;
using Kimchi.Isod.Core.Errors;
using LibvirtSharp;
using LibvirtSharp.Errors;
using Microsoft.Extensions.Logging;

namespace Kimchi.Isod.Storage.Libvirt;

/// <summary>The one thread on which pools are looked at and changed, with a connection that is opened anew when it is lost.</summary>
[SuppressMessage("Usage", "CA2213", Justification = "The thread disposes what it uses when it ends.")]
internal sealed class LibvirtThread : IDisposable
{
    private readonly BlockingCollection<Action> _calls = [];
    private readonly LibvirtOptions _options;
    private readonly Action<LibvirtConnection> _onConnected;
    private readonly Action _onLost;
    private readonly ILogger _logger;
    private LibvirtConnection? _connection;

    /// <summary>Starts the thread. The connection is opened by the first call.</summary>
    public LibvirtThread(LibvirtOptions options, Action<LibvirtConnection> onConnected, Action onLost, ILogger logger)
    {
        _options = options;
        _onConnected = onConnected;
        _onLost = onLost;
        _logger = logger;
        new Thread(Run) { IsBackground = true, Name = "libvirt-pools" }.Start();
    }

    /// <summary>Runs a call when its turn comes.</summary>
    /// <param name="call">The call. It is not stopped once it has begun.</param>
    /// <param name="cancellationToken">Takes the call out of the queue.</param>
    /// <exception cref="DownloadException">libvirt failed.</exception>
    public Task<T> RunAsync<T>(Func<LibvirtConnection, T> call, CancellationToken cancellationToken)
    {
        var result = new TaskCompletionSource<T>(TaskCreationOptions.RunContinuationsAsynchronously);
        _calls.Add(() => Complete(result, call, cancellationToken), CancellationToken.None);
        return result.Task;
    }

    /// <summary>Opens a connection with the keepalive of the configuration. Blocks.</summary>
    public static LibvirtConnection Connect(LibvirtOptions options)
    {
        LibvirtEventLoop.Start();
        var connection = LibvirtConnection.Open(options.Uri);
        if (options.KeepaliveInterval > 0) connection.SetKeepAlive(options.KeepaliveInterval, (uint)options.KeepaliveCount);
        return connection;
    }

    /// <summary>Ends the thread after the call it is at.</summary>
    public void Dispose() => _calls.CompleteAdding();

    private void Run()
    {
        foreach (var call in _calls.GetConsumingEnumerable(CancellationToken.None)) call();
        _connection?.Dispose();
        _calls.Dispose();
    }

    private void Complete<T>(TaskCompletionSource<T> result, Func<LibvirtConnection, T> call, CancellationToken cancellationToken)
    {
        if (cancellationToken.IsCancellationRequested)
        {
            result.SetCanceled(cancellationToken);
            return;
        }

        try
        {
            result.SetResult(LibvirtFailures.Translate(() => call(Connection())));
        }
        catch (Exception e) // It belongs to whoever awaits the call.
        {
            result.SetException(e);
        }
    }

    private LibvirtConnection Connection()
    {
        if (_connection is { IsAlive: true } alive) return alive;
        _connection?.Dispose();
        _connection = null;
        var connection = Connect(_options);
        connection.Closed += (_, closed) =>
        {
            _onLost();
            _logger.ConnectionLost(closed.Reason.ToString());
        };
        _logger.Connected(connection.ServerVersion, _options.Uri);
        _onConnected(connection);
        return _connection = connection;
    }
}
