namespace Kimchi.Isod.Core.State;

/// <summary>Bytes of an image that follow each other.</summary>
/// <param name="Start">The offset of the first of them.</param>
/// <param name="End">The offset of the first byte after them, greater than <paramref name="Start"/>.</param>
public sealed record ImageRange(long Start, long End)
{
    /// <summary>How many bytes they are.</summary>
    public long Length => End - Start;
}
