using Kimchi.Isod.Core.Remote;

namespace Kimchi.Isod.Sources.Http;

/// <summary>Which part of a file is asked for: RFC 9110, sections 13.1.5 and 14.2.</summary>
/// <param name="From">The first byte; the part goes to the file's end.</param>
/// <param name="IfETag">Send the part only of this version, else the whole file; a strong entity tag, or null.</param>
internal sealed record RangeWish(long From, string? IfETag = null)
{
    /// <summary>The rest of a known version. No condition is made of a date or a weak tag, which servers compare each in its own way.</summary>
    public static RangeWish RestOf(Validator version, long from) =>
        new(from, version.ETag is { } tag && tag.StartsWith('"') ? tag : null);
}
