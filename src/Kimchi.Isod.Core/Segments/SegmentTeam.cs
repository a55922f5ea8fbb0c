using Kimchi.Isod.Core.Errors;
using Kimchi.Isod.Core.Remote;
using Kimchi.Isod.Core.Transfer;

namespace Kimchi.Isod.Core.Segments;

/// <summary>The connections of one transfer: begins them as the servers and the memory allow, and hears how they end.</summary>
internal sealed class SegmentTeam(SegmentBoard board, ISegmentSource source, SegmentServices services, SegmentSizes sizes, Action<int> received)
    : IDisposable
{
    private readonly List<Task> _members = [];
    private readonly PatientWait _wait = new();
    private long _memory;
    private DownloadException? _unusable;

    /// <summary>Why the server cannot be asked for parts; null as long as it can.</summary>
    public DownloadException? Unusable => Volatile.Read(ref _unusable);

    /// <summary>Begins with the connection that there is.</summary>
    /// <param name="file">Its file, read to the first byte that is missing.</param>
    /// <returns>False where there is no memory.</returns>
    public bool TryBegin(IRemoteFile file)
    {
        if (!TryAddMemory()) return false;
        var line = board.Join(source.Host);
        var first = board.TakeRun(line);
        _members.Add(BlockingWork.RunAsync(() => Fetch(line, file, first)));
        return true;
    }

    /// <summary>Adds a connection.</summary>
    /// <returns>False where the server may have no more, or there is no memory.</returns>
    public bool TryAdd()
    {
        if (!services.Hosts.TryAdd(source.Host)) return false;
        if (TryAddMemory())
        {
            var line = board.Join(source.Host);
            _members.Add(BlockingWork.RunAsync(() => FetchBeside(line)));
            return true;
        }

        services.Hosts.Remove(source.Host);
        return false;
    }

    /// <summary>Waits until all have left.</summary>
    public void Wait()
    {
        foreach (var member in _members) _wait.For(member, Timeout.InfiniteTimeSpan);
        foreach (var member in _members) _wait.End(member);
    }

    /// <summary>Gives the memory back.</summary>
    public void Dispose() => services.Memory.Give(_memory);

    private bool TryAddMemory()
    {
        var needed = SegmentSizes.PiecesOfEach * (long)sizes.Piece;
        // Those who have left leave theirs behind.
        if (_memory >= needed * (board.Connections + 1)) return true;
        if (!services.Memory.TryTake(needed)) return false;
        _memory += needed;
        board.AddMemory(SegmentSizes.PiecesOfEach);
        return true;
    }

    private void FetchBeside(SegmentLine line)
    {
        try
        {
            Fetch(line, null, null);
        }
        finally
        {
            services.Hosts.Remove(source.Host);
        }
    }

    private void Fetch(SegmentLine line, IRemoteFile? file, SegmentRun? first)
    {
        using var connection = new SegmentConnection(board, line, source, new Throttle(services.Time, services.Limits), received);
        DownloadException? failure = null;
        try
        {
            connection.Run(file, first);
        }
        catch (DownloadException e)
        {
            failure = e;
            if (e.IsUnusableRest) Volatile.Write(ref _unusable, e);
            else if (!connection.HasBrought && board.Connections > 1) services.Hosts.NoteRefused(source.Host);
        }
        catch (Exception e) when (e is not OperationCanceledException)
        {
            failure = DownloadException.Transient(DownloadErrorKind.RemoteUnreadable, e.Message, e);
            throw;
        }
        finally
        {
            board.Leave(line, failure);
        }
    }
}
