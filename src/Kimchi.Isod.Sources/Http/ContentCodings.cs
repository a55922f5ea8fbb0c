using System.Net.Http.Headers;

namespace Kimchi.Isod.Sources.Http;

/// <summary>Codings that a reply's body is in: RFC 9110, section 8.4; RFC 9112, section 6.1. Only <c>identity</c> was asked for.</summary>
internal static class ContentCodings
{
    // Those that change the bytes: IANA's "HTTP Content Coding Registry", and others that are in use. What else servers write there (none,
    // aws-chunked, binary, utf-8) they mean for something else, and the bytes are the file's.
    private static readonly HashSet<string> Changing = new(StringComparer.OrdinalIgnoreCase)
    {
        "gzip", "x-gzip", "deflate", "x-deflate", "br", "brotli", "zstd", "compress", "x-compress", "dcb", "dcz", "exi", "pack200-gzip", "sdch",
        "bzip2", "x-bzip2", "x-bzip", "xz", "x-xz", "lzma", "x-lzma", "lz4", "x-lz4", "aes128gcm", "zlib",
    };

    /// <summary>The first coding that has changed the bytes; null for none. That in chunks is taken off on the way.</summary>
    public static string? FindIn(HttpResponseMessage response) => Words(response.Content.Headers.NonValidated, "Content-Encoding")
        .Concat(Words(response.Headers.NonValidated, "Transfer-Encoding")).FirstOrDefault(Changing.Contains);

    private static IEnumerable<string> Words(HttpHeadersNonValidated headers, string name) => headers.TryGetValues(name, out var values)
        ? values.SelectMany(value => value.Split(',')).Select(word => word.Split(';')[0].Trim())
        : [];
}
