using Kimchi.Isod.Core.Errors;
using Kimchi.Isod.Core.Remote;
using Kimchi.Isod.Core.Segments;
using Kimchi.Isod.Core.State;

namespace Kimchi.Isod.Core.Tests.Segments;

/// <summary>An image and the troubles of fetching it.</summary>
internal sealed record SegmentCase(
    int Length, int Piece, int Run, int Connections, int ReadFailures, int OpenFailures, int StopAt, int Seed);

/// <summary>A server that gives parts in small reads, fails now and then, and lets its connections take turns by chance.</summary>
internal sealed class SegmentServer(SegmentCase c, byte[] content) : ISegmentSource
{
    private readonly Random _random = new(c.Seed);
    private readonly Lock _gate = new();
    private int _openFiles;
    private int _refused;
    private bool _failsNoMore;

    public string Host => "host";

    public bool IsUsable { get; private set; } = true;

    public int MostConnections { get; set; } = int.MaxValue;

    public int ConnectionsAtOnce { get; private set; }

    public int Connections { get; private set; }

    public void Connect()
    {
        lock (_gate) ConnectionsAtOnce = Math.Max(ConnectionsAtOnce, ++Connections);
    }

    public void Disconnect(DownloadException? failure, bool hasBrought)
    {
        lock (_gate) Connections--;
        if (failure?.IsUnusableRest == true) IsUsable = false;
    }

    public void Count(int bytes)
    {
    }

    public void Brought(ImageRange range)
    {
    }

    public int OpenFiles => _openFiles;

    public int Refused => _refused;

    public DownloadException? Refusal { get; set; }

    public int MostOpen { get; set; } = int.MaxValue;

    public void FailsNoMore() => _failsNoMore = true;

    public IRemoteFile OpenFrom(long start, long end)
    {
        Interlocked.Increment(ref _openFiles);
        return new Part(this, start, end);
    }

    public async Task<IRemoteFile> OpenAsync(ImageRange range, CancellationToken cancellationToken)
    {
        await TakeTurnAsync();
        cancellationToken.ThrowIfCancellationRequested();
        if (Refusal is not null) throw Refusal;
        if (_openFiles >= MostOpen && Interlocked.Increment(ref _refused) > 0) throw DownloadException.Transient(DownloadErrorKind.RemoteUnreadable, "429 Too Many Requests");
        if (Fails(c.OpenFailures)) throw DownloadException.Transient(DownloadErrorKind.RemoteUnreadable, "refused");
        return OpenFrom(range.Start, range.End);
    }

    private bool Fails(int often)
    {
        lock (_gate) return !_failsNoMore && often > 0 && _random.Next(often) == 0;
    }

    private int Next(int most)
    {
        lock (_gate) return _random.Next(1, most + 1);
    }

    private async Task TakeTurnAsync()
    {
        for (var turns = Next(4); turns > 1; turns--) await Task.Yield();
    }

    internal sealed class Part(SegmentServer server, long start, long end) : IRemoteFile
    {
        private long _position = start;
        private bool _isDisposed;

        public long Position => _position;

        public RemoteFileInfo Info => throw new NotSupportedException();

        public long SourceOffset => throw new NotSupportedException();

        public EndEvidence End => EndEvidence.Told;

        public async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken)
        {
            await server.TakeTurnAsync();
            cancellationToken.ThrowIfCancellationRequested();
            if (server.Fails(server.Case.ReadFailures)) throw DownloadException.Transient(DownloadErrorKind.RemoteUnreadable, "broken");
            var count = (int)Math.Min(Math.Min(buffer.Length, server.Next(100)), end - _position);
            server.Content.AsMemory((int)_position, count).CopyTo(buffer);
            _position += count;
            return count;
        }

        public ValueTask DisposeAsync()
        {
            if (!_isDisposed) Interlocked.Decrement(ref server._openFiles);
            _isDisposed = true;
            return ValueTask.CompletedTask;
        }
    }

    private SegmentCase Case => c;

    private byte[] Content => content;
}
