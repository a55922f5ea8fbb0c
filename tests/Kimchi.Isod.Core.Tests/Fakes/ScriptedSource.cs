using System.Collections.Concurrent;
using Kimchi.Isod.Core.Remote;

namespace Kimchi.Isod.Core.Tests.Fakes;

/// <summary>A remote server with one file. Tests change what it does between and during transfers.</summary>
internal sealed class ScriptedSource(byte[] content) : IRemoteSource
{
    private readonly ConcurrentQueue<Exception> _openFailures = [];

    public byte[] Content { get; set; } = content;

    public string? ETag { get; set; } = "\"1\"";

    public bool IsResumable { get; set; } = true;

    /// <summary>It says that it can send the file from a byte in the middle, and sends all of it.</summary>
    public bool RefusesMiddle { get; set; }

    /// <summary>How many stored bytes it sends again.</summary>
    public int Overlap { get; set; }

    /// <summary>What it sends from a byte in the middle; null for the content.</summary>
    public byte[]? Rest { get; set; }

    public bool TellsSize { get; set; } = true;

    public EndEvidence End { get; set; } = EndEvidence.Told;

    public IReadOnlyList<string> Names { get; set; } = ["image.iso"];

    /// <summary>Runs before each read, with the position in the file; may wait or throw.</summary>
    public Func<long, CancellationToken, Task> BeforeRead { get; set; } = (_, _) => Task.CompletedTask;

    public int ReadSize { get; set; } = 10_000;

    public List<long> OpenedAt { get; } = [];

    public List<long?> AskedEnds { get; } = [];

    /// <summary>What there is at other addresses: bytes with a media type, or a failure that is thrown.</summary>
    public Dictionary<string, object> Elsewhere { get; } = new(StringComparer.Ordinal);

    /// <summary>What it says of the file besides.</summary>
    public Func<RemoteFileInfo, RemoteFileInfo> Says { get; set; } = info => info;

    /// <summary>Every request so far.</summary>
    public List<RemoteRequest> Requests { get; } = [];

    public int OpenFiles => _openFiles;

    private int _openFiles;

    public void FailNextOpen(Exception failure) => _openFailures.Enqueue(failure);

    public Task<IRemoteFile> OpenAsync(RemoteRequest request, CancellationToken cancellationToken)
    {
        if (_openFailures.TryDequeue(out var failure)) return Task.FromException<IRemoteFile>(failure);
        lock (OpenedAt) Requests.Add(request);
        if (Elsewhere.GetValueOrDefault(request.Url.Uri.AbsoluteUri) is { } other) return OpenElsewhereAsync(request, other);
        lock (OpenedAt)
        {
            OpenedAt.Add(request.SourceOffset);
            AskedEnds.Add(request.SourceEnd);
        }

        var version = new Validator(ETag, null, TellsSize ? Content.Length : null);
        var continues = IsResumable && !RefusesMiddle && request.Expected is { } expected && request.RangeRefusals < RemoteRequest.MostRangeRefusals
            && request.Allows(expected.CompareWith(version));
        var info = Says(new RemoteFileInfo(version, IsResumable, Names, request.Url, "application/octet-stream"));
        Interlocked.Increment(ref _openFiles);
        return Task.FromResult<IRemoteFile>(new OpenFile(this, info, continues && request.SourceOffset > 0 ? Rest ?? Content : Content, continues ? Math.Max(0, request.SourceOffset - Overlap) : 0));
    }

    private Task<IRemoteFile> OpenElsewhereAsync(RemoteRequest request, object found)
    {
        if (found is Exception failure) return Task.FromException<IRemoteFile>(failure);
        var (bytes, type) = ((byte[], string?))found;
        Interlocked.Increment(ref _openFiles);
        var info = new RemoteFileInfo(new Validator(null, null, bytes.Length), IsResumable, [request.Url.FileName], request.Url, type);
        var continues = request.SourceOffset > 0 && request.Expected is { } expected && request.Allows(expected.CompareWith(info.Version));
        return Task.FromResult<IRemoteFile>(new OpenFile(this, info, bytes, continues ? request.SourceOffset : 0));
    }

    public Task<bool> CanContinueAsync(RemoteRequest request, RemoteFileInfo info, CancellationToken cancellationToken) =>
        Task.FromResult(IsResumable);

    private sealed class OpenFile(ScriptedSource source, RemoteFileInfo info, byte[] content, long offset) : IRemoteFile
    {
        private long _position = offset;

        public RemoteFileInfo Info { get; } = info;

        public long SourceOffset { get; } = offset;

        public EndEvidence End { get; } = source.End;

        public async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken)
        {
            await source.BeforeRead(_position, cancellationToken);
            cancellationToken.ThrowIfCancellationRequested();
            var count = (int)Math.Min(Math.Min(buffer.Length, source.ReadSize), content.Length - _position);
            content.AsMemory((int)_position, count).CopyTo(buffer);
            _position += count;
            return count;
        }

        public ValueTask DisposeAsync()
        {
            Interlocked.Decrement(ref source._openFiles);
            return ValueTask.CompletedTask;
        }
    }
}
