using System.Collections.Concurrent;
using System.Diagnostics.CodeAnalysis;
using Kimchi.Isod.Core.Errors;
using Kimchi.Isod.Storage.Libvirt.Calls;
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
    private readonly Action<BoundedConnection> _onConnected;
    private readonly Action _onLost;
    private readonly ILogger _logger;

    // Only the thread changes it; whoever waits asks what it is at.
    private volatile BoundedConnection? _connection;

    /// <summary>Starts the thread. The connection is opened by the first call.</summary>
    public LibvirtThread(LibvirtOptions options, Action<BoundedConnection> onConnected, Action onLost, ILogger logger)
    {
        _options = options;
        _onConnected = onConnected;
        _onLost = onLost;
        _logger = logger;
        new Thread(Run) { IsBackground = true, Name = "libvirt-pools" }.Start();
    }

    /// <summary>Runs a call when its turn comes, and again and again while another client has in use what it needs; others' turns come meanwhile.</summary>
    /// <param name="look">
    /// What it looks up first. Where that finds the connection dead, it is done again on a new one, so that nobody feels a restart of libvirt.
    /// </param>
    /// <param name="call">The call. It is not stopped once it has begun, and does nothing more once libvirt has said that something is busy.</param>
    /// <param name="cancellationToken">Takes the call out of the queue.</param>
    /// <exception cref="DownloadException">
    /// libvirt failed, or did not answer: nobody waits longer than <see cref="LibvirtOptions.CallTimeout"/>, unless for a call that may take
    /// longer. One that nobody waits for any more is not begun.
    /// </exception>
    public async Task<T> RunAsync<TFound, T>(
        Func<LibvirtConnection, TFound> look, Func<BoundedConnection, TFound, T> call, CancellationToken cancellationToken)
    {
        var patience = new BusyPatience();
        while (true)
        {
            try
            {
                return await RunOnceAsync(look, call, cancellationToken);
            }
            catch (DownloadException e) when (e.InnerException is LibvirtBusyException && !patience.IsOver)
            {
                await Task.Delay(patience.NextWait(), cancellationToken);
            }
        }
    }

    /// <summary>Ends the thread after the call it is at.</summary>
    public void Dispose() => _calls.CompleteAdding();

    private async Task<T> RunOnceAsync<TFound, T>(
        Func<LibvirtConnection, TFound> look, Func<BoundedConnection, TFound, T> call, CancellationToken cancellationToken)
    {
        var queued = new QueuedCall<T>(begun => LibvirtFailures.Translate(() => Perform(look, call, begun)), cancellationToken);
        _calls.Add(queued.Run, CancellationToken.None);
        while (!await queued.EndsWithinAsync(_options.CallTimeout))
        {
            if (_connection is { IsWorking: true }) continue;
            queued.GiveUp();
            throw LibvirtFailures.Translate(new LibvirtSilentException(_options.CallTimeout));
        }

        return await queued.Result;
    }

    private void Run()
    {
        foreach (var call in _calls.GetConsumingEnumerable(CancellationToken.None)) call();
        _connection?.Dispose();
        _calls.Dispose();
    }

    private T Perform<TFound, T>(Func<LibvirtConnection, TFound> look, Func<BoundedConnection, TFound, T> call, QueuedCall<T> queued)
    {
        try
        {
            var found = Look(look, out var connection);
            queued.Begin();
            return call(connection, found);
        }
        catch (LibvirtConnectionException e)
        {
            Drop(e);
            throw;
        }
    }

    private TFound Look<TFound>(Func<LibvirtConnection, TFound> look, out BoundedConnection connection)
    {
        var known = _connection;
        var used = connection = Connect();
        try
        {
            return used.Ask(() => look(used.Connection));
        }
        catch (LibvirtConnectionException e) when (ReferenceEquals(used, known))
        {
            Drop(e);
        }

        var opened = connection = Connect();
        return opened.Ask(() => look(opened.Connection));
    }

    // libvirt may still call the connection alive: ErrorTable of libvirt-sharp says when it is not.
    private void Drop(LibvirtConnectionException reason)
    {
        if (_connection is not { } lost) return;
        _onLost();
        if (lost.IsAlive) _logger.ConnectionLost(reason.Message);
        _connection = null;
        lost.Connection.Abort();
        lost.Dispose();
    }

    private BoundedConnection Connect()
    {
        if (_connection is { IsAlive: true } alive) return alive;
        _connection?.Dispose();
        var opened = _connection = null;
        try
        {
            opened = BoundedConnection.Open(_options);
            opened.Connection.Closed += (_, closed) =>
            {
                _onLost();
                _logger.ConnectionLost(closed.Reason.ToString());
            };
            _logger.Connected(opened.Ask(() => opened.Connection.ServerVersion), _options.Uri);
            _connection = opened;
            _onConnected(opened);
            return opened;
        }
        catch
        {
            _connection = null;
            opened?.Dispose();
            throw;
        }
    }
}
