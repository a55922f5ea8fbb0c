namespace Kimchi.Isod.Core.Transfer;

/// <summary>Bytes of a file that are not stored yet.</summary>
/// <param name="Start">The first of them.</param>
/// <param name="End">The first byte after them, or null while the file's size is not known.</param>
/// <param name="IsInside">Whether stored bytes follow, so that the file is not read to its end.</param>
internal sealed record MissingPart(long Start, long? End, bool IsInside);
