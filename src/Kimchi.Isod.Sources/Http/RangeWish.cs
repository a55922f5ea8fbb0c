namespace Kimchi.Isod.Sources.Http;

/// <summary>Which part of a file is asked for: RFC 9110, sections 13.1.5 and 14.2.</summary>
/// <param name="From">The first byte; the part goes to the file's end.</param>
/// <param name="IfETag">Send the part only of this version, else the whole file; a strong entity tag, or null.</param>
internal sealed record RangeWish(long From, string? IfETag = null);
