using Kimchi.Isod.Core.Errors;
using Kimchi.Isod.Core.Remote;
using Kimchi.Isod.Core.Transfer;

namespace Kimchi.Isod.Core.Segments;

/// <summary>The connections of one transfer: begins them as the servers and the memory allow, and hears how they end.</summary>
/// <param name="board">Where they meet.</param>
/// <param name="sources">The servers, that of the connection which there is first.</param>
/// <param name="services">What is shared with other downloads.</param>
/// <param name="sizes">How much is fetched at a time.</param>
/// <param name="received">Hears of what comes.</param>
internal sealed class SegmentTeam(
    SegmentBoard board, IReadOnlyList<ISegmentSource> sources, SegmentServices services, SegmentSizes sizes, Action<int> received)
    : IDisposable
{
    // Others take over what is left of so long a part when they have nothing else to do.
    private const int RunsOfSingle = 16;

    private readonly List<Task> _members = [];
    private readonly PatientWait _wait = new();
    private long _memory;

    /// <summary>Whether there is a server that can be asked for parts.</summary>
    public bool HasUsable => sources.Any(source => source.IsUsable);

    /// <summary>Begins with the connection that there is.</summary>
    /// <param name="file">Its file, read to the first byte that is missing.</param>
    /// <returns>False where there is no memory.</returns>
    public bool TryBegin(IRemoteFile file)
    {
        if (!TryAddMemory()) return false;
        var line = Join(sources[0]);
        var first = board.TakeFirst(line);
        _members.Add(BlockingWork.RunAsync(() => Fetch(line, sources[0], file, first)));
        return true;
    }

    /// <summary>Adds a connection, to the server with the fewest.</summary>
    /// <returns>False where no server may have more, or there is no memory.</returns>
    public bool TryAdd()
    {
        foreach (var source in sources.Where(source => source.IsUsable && source.Connections < source.MostConnections).OrderBy(source => source.Connections))
        {
            if (!services.Hosts.TryAdd(source.Host)) continue;
            if (TryAddMemory())
            {
                var line = Join(source);
                _members.Add(BlockingWork.RunAsync(() => FetchBeside(line, source)));
                return true;
            }

            services.Hosts.Remove(source.Host);
            return false;
        }

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

    private SegmentLine Join(ISegmentSource source)
    {
        source.Connect();
        return board.Join(source.Host, source.MostConnections == 1 ? RunsOfSingle : 1);
    }

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

    private void FetchBeside(SegmentLine line, ISegmentSource source)
    {
        try
        {
            Fetch(line, source, null, null);
        }
        finally
        {
            services.Hosts.Remove(source.Host);
        }
    }

    private void Fetch(SegmentLine line, ISegmentSource source, IRemoteFile? file, SegmentRun? first)
    {
        using var connection = new SegmentConnection(
            board, line, source, new Throttle(services.Time, services.Limits), services.Check, received, services.Time);
        DownloadException? failure = null;
        try
        {
            connection.Run(file, first);
        }
        catch (DownloadException e)
        {
            failure = e;
            if (!e.IsUnusableRest && board.Connections > 1) services.Hosts.NoteRefused(source.Host);
        }
        catch (Exception e) when (e is not OperationCanceledException)
        {
            failure = DownloadException.Transient(DownloadErrorKind.RemoteUnreadable, e.Message, e);
            throw;
        }
        finally
        {
            source.Disconnect(failure, connection.HasBrought);
            board.Leave(line, failure);
        }
    }
}
