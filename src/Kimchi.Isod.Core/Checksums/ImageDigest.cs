namespace Kimchi.Isod.Core.Checksums;

/// <summary>The digest of an image so far, fed in the order of its bytes. Belongs to one thread at a time.</summary>
/// <remarks>It goes back to its last checkpoint, as the stored bytes do when a window in flight is lost.</remarks>
internal sealed class ImageDigest(ChecksumAlgorithm algorithm) : IDisposable
{
    private RunningHash _hash = RunningHash.Create(algorithm);
    private RunningHash _saved = RunningHash.Create(algorithm);
    private long _savedPosition;

    /// <summary>How many of the image's bytes are in it.</summary>
    public long Position { get; private set; }

    /// <summary>Adds the bytes that follow.</summary>
    public void Append(ReadOnlySpan<byte> bytes)
    {
        _hash.Append(bytes);
        Position += bytes.Length;
    }

    /// <summary>Notes that the bytes so far are stored.</summary>
    public void Checkpoint()
    {
        _saved.Dispose();
        _saved = _hash.Clone();
        _savedPosition = Position;
    }

    /// <summary>Forgets the bytes that came since <see cref="Checkpoint"/>, and all where even those are not stored.</summary>
    /// <param name="stored">How many bytes are stored.</param>
    public void Rewind(long stored)
    {
        if (Position == _savedPosition && Position <= stored) return;
        _hash.Dispose();
        _hash = _savedPosition <= stored ? _saved.Clone() : RunningHash.Create(algorithm);
        Position = _savedPosition <= stored ? _savedPosition : 0;
        Checkpoint();
    }

    /// <summary>The checksum of the bytes so far.</summary>
    public Checksum Current() => new(algorithm, Convert.ToHexStringLower(_hash.Current()));

    /// <summary>Gives its memory back.</summary>
    public void Dispose()
    {
        _hash.Dispose();
        _saved.Dispose();
    }
}
