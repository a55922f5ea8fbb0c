using System.Globalization;

namespace Kimchi.Isod.Sources.Http;

/// <summary>The length of a body, of all that the server says of it: RFC 9112, section 6.3, rule 5.</summary>
/// <param name="Bytes">The length; null where the server tells none.</param>
/// <param name="IsUsable">Whether what it tells is a length, and only one.</param>
internal readonly record struct ContentLengths(long? Bytes, bool IsUsable)
{
    /// <summary>Reads the values of all Content-Length headers. One value many times counts once.</summary>
    public static ContentLengths Parse(IEnumerable<string> values)
    {
        long? length = null;
        foreach (var value in values.SelectMany(v => v.Split(',')))
        {
            if (!long.TryParse(value.AsSpan().Trim(" \t"), NumberStyles.None, CultureInfo.InvariantCulture, out var bytes)) return new(null, IsUsable: false);
            if (length is not null && length != bytes) return new(null, IsUsable: false);
            length = bytes;
        }

        return new(length, IsUsable: true);
    }
}
