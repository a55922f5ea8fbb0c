namespace Kimchi.Isod.Core.Checksums;

/// <summary>The digest of an image so far, fed in the order of its bytes. Belongs to one thread at a time.</summary>
/// <remarks>It goes back to where it was last kept, as the stored bytes do when a window in flight is lost.</remarks>
internal sealed class ImageDigest(ChecksumAlgorithm algorithm) : IDisposable
{
    private RunningHash _hash = RunningHash.Create(algorithm);
    private RunningHash _kept = RunningHash.Create(algorithm);
    private long _keptPosition;

    /// <summary>How many of the image's bytes are in it.</summary>
    public long Position { get; private set; }

    /// <summary>Adds the bytes that follow.</summary>
    public void Append(ReadOnlySpan<byte> bytes)
    {
        _hash.Append(bytes);
        Position += bytes.Length;
    }

    /// <summary>Notes that the bytes so far are stored.</summary>
    public void Keep()
    {
        _kept.Dispose();
        _kept = _hash.Clone();
        _keptPosition = Position;
    }

    /// <summary>Forgets the bytes that came since <see cref="Keep"/>, and all where even those are not stored.</summary>
    /// <param name="stored">How many bytes are stored.</param>
    public void GoBack(long stored)
    {
        if (Position == _keptPosition && Position <= stored) return;
        _hash.Dispose();
        _hash = _keptPosition <= stored ? _kept.Clone() : RunningHash.Create(algorithm);
        Position = _keptPosition <= stored ? _keptPosition : 0;
        Keep();
    }

    /// <summary>The checksum of the bytes so far.</summary>
    public Checksum Current() => new(algorithm, Convert.ToHexStringLower(_hash.Current()));

    /// <summary>Gives its memory back.</summary>
    public void Dispose()
    {
        _hash.Dispose();
        _kept.Dispose();
    }
}
