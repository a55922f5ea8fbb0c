namespace Kimchi.Isod.Core.State;

/// <summary>Bytes of an image that are not stored yet.</summary>
/// <param name="Start">The offset of the first of them.</param>
/// <param name="End">The offset of the first byte after them, or null while the image's size is not known.</param>
/// <param name="IsInside">Whether stored bytes follow them, so that the source is not read to its end.</param>
public sealed record MissingRange(long Start, long? End, bool IsInside);
