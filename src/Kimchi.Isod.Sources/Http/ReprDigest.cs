namespace Kimchi.Isod.Sources.Http;

/// <summary>What a server says that a whole file hashes to: Repr-Digest (RFC 9530), and the older Digest (RFC 3230).</summary>
internal static class ReprDigest
{
    // The kinds of RFC 9530 that prove something, the strongest first.
    private static readonly (string Name, string Label, int Bytes)[] Kinds = [("sha-512", "sha512", 64), ("sha-256", "sha256", 32)];

    /// <summary>The strongest digest as a checksum, such as <c>sha256:…</c>; null where there is none, or two of a kind that differ.</summary>
    /// <param name="fields">The values of the headers.</param>
    public static string? Find(IEnumerable<string> fields)
    {
        var members = fields.SelectMany(field => field.Split(',')).Select(member => member.Split('=', 2)).Where(pair => pair.Length == 2)
            .Select(pair => (Name: pair[0].Trim().ToLowerInvariant(), Value: pair[1])).ToList();
        foreach (var (name, label, bytes) in Kinds)
        {
            var digests = members.Where(member => member.Name == name).Select(member => Read(member.Value, bytes)).Distinct(StringComparer.Ordinal).ToList();
            if (digests.Count > 0) return digests is [{ } only] ? $"{label}:{only}" : null;
        }

        return null;
    }

    // A byte sequence of RFC 9651, between colons; of RFC 3230 without them. Parameters may follow.
    private static string? Read(string value, int bytes)
    {
        Span<byte> digest = stackalloc byte[64];
        var text = value.Split(';')[0].Trim().Trim(':');
        return Convert.TryFromBase64String(text, digest, out var count) && count == bytes ? Convert.ToHexStringLower(digest[..count]) : null;
    }
}
