using System.Globalization;
using System.Text;
using Kimchi.Isod.Core.Remote;

namespace Kimchi.Isod.Sources.Http;

/// <summary>Which part of a file is asked for: RFC 9110, sections 13.1.5 and 14.2.</summary>
/// <param name="From">The first byte.</param>
/// <param name="To">The last byte; null for the file's end.</param>
/// <param name="IfETag">Send the part only of this version, else the whole file; a strong entity tag, or null.</param>
internal sealed record RequestedRange(long From, long? To = null, string? IfETag = null)
{
    /// <summary>Whether the connection serves the next request, too.</summary>
    public bool KeepsConnection { get; init; }

    /// <summary>The value of the header <c>Range</c>.</summary>
    public string Header => string.Create(CultureInfo.InvariantCulture, $"bytes={From}-{To}");

    /// <summary>A range of a known version. No condition is made of a date or a weak tag, which servers compare each in its own way.</summary>
    /// <param name="version">The version.</param>
    /// <param name="from">The offset of the first byte.</param>
    /// <param name="end">The offset of the first byte after the range; null for the file's end.</param>
    public static RequestedRange Of(Validator version, long from, long? end) =>
        new(from, end - 1, version.HasStrongTag && Ascii.IsValid(version.ETag) ? version.ETag : null);
}
