namespace Kimchi.Isod.Core.Checksums;

/// <summary>The digests of an image so far, fed in the order of its bytes: mostly one. Belongs to one thread at a time.</summary>
/// <remarks>They go back to their last checkpoint, as the stored bytes do when a window in flight is lost.</remarks>
internal sealed class ImageDigest : IDisposable
{
    private readonly DigestStart[] _starts;
    private RunningHash[] _hashes;
    private RunningHash[] _saved;
    private long _savedPosition;

    /// <summary>Begins the digest of one kind.</summary>
    public ImageDigest(ChecksumAlgorithm algorithm)
        : this([new DigestStart(algorithm)])
    {
    }

    /// <summary>Begins digests, at least one.</summary>
    public ImageDigest(IEnumerable<DigestStart> starts)
    {
        _starts = [.. starts.Distinct()];
        _hashes = Begin();
        _saved = Begin();
    }

    /// <summary>How many of the image's bytes are in them.</summary>
    public long Position { get; private set; }

    /// <summary>Adds the bytes that follow.</summary>
    public void Append(ReadOnlySpan<byte> bytes)
    {
        foreach (var hash in _hashes) hash.Append(bytes);
        Position += bytes.Length;
    }

    /// <summary>Notes that the bytes so far are stored.</summary>
    public void Checkpoint()
    {
        Free(_saved);
        _saved = Clone(_hashes);
        _savedPosition = Position;
    }

    /// <summary>Forgets the bytes that came since <see cref="Checkpoint"/>, and all where even those are not stored.</summary>
    /// <param name="stored">How many bytes are stored.</param>
    public void Rewind(long stored)
    {
        if (Position == _savedPosition && Position <= stored) return;
        Free(_hashes);
        _hashes = _savedPosition <= stored ? Clone(_saved) : Begin();
        Position = _savedPosition <= stored ? _savedPosition : 0;
        Checkpoint();
    }

    /// <summary>The checksum of the bytes so far, of the first kind.</summary>
    public Checksum Current() => new(_starts[0].Algorithm, Convert.ToHexStringLower(_hashes[0].Current()));

    /// <summary>A digest of the bytes so far with others behind them; null where it was not begun.</summary>
    public byte[]? With(DigestStart start, ReadOnlySpan<byte> trailer)
    {
        var index = Array.IndexOf(_starts, start);
        if (index < 0) return null;
        using var hash = _hashes[index].Clone();
        hash.Append(trailer);
        return hash.Current();
    }

    /// <summary>Gives their memory back.</summary>
    public void Dispose()
    {
        Free(_hashes);
        Free(_saved);
    }

    private RunningHash[] Begin() => [.. _starts.Select(start => start.Create())];

    private static RunningHash[] Clone(RunningHash[] hashes) => [.. hashes.Select(hash => hash.Clone())];

    private static void Free(RunningHash[] hashes)
    {
        foreach (var hash in hashes) hash.Dispose();
    }
}
