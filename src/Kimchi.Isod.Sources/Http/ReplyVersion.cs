using System.Net.Http.Headers;
using Kimchi.Isod.Core.Remote;

namespace Kimchi.Isod.Sources.Http;

/// <summary>What a reply's headers tell of the file's version. A header that is there twice with two values tells nothing.</summary>
internal static class ReplyVersion
{
    // RFC 9110, section 8.8.2.2: within a second a file can change again and keep its date.
    private static readonly TimeSpan Granularity = TimeSpan.FromSeconds(1);

    /// <summary>Reads it.</summary>
    /// <param name="response">The reply.</param>
    /// <param name="size">The whole file's size, or null.</param>
    public static Validator Read(HttpResponseMessage response, long? size)
    {
        var modified = Single(response.Content.Headers, "Last-Modified") is null ? null : response.Content.Headers.LastModified;
        var made = Single(response.Headers, "Date") is null ? null : response.Headers.Date;
        return new Validator(Tag(response, hasDate: modified is not null), modified, size, made - modified >= Granularity);
    }

    // A weak tag does not vouch for bytes (RFC 9110, section 8.8.1), but one that has changed tells of other bytes. So does a malformed
    // one. They are kept where no date can tell.
    private static string? Tag(HttpResponseMessage response, bool hasDate)
    {
        if (Single(response.Headers, "ETag") is not { } tag) return null;
        return new Validator(tag, null, null).HasStrongTag || !hasDate ? tag : null;
    }

    private static string? Single(HttpHeaders headers, string name)
    {
        if (!headers.NonValidated.TryGetValues(name, out var values)) return null;
        string? single = null;
        foreach (var value in values)
        {
            if (single is not null && single != value.Trim()) return null;
            single = value.Trim();
        }

        return single;
    }
}
