namespace Kimchi.Isod.Sources.Network;

/// <summary>Whether a URL brings its credentials with it, in its query: presigned URLs, shared access signatures, tokens.</summary>
/// <remarks>Object stores refuse a request that has a second kind of credentials beside these.</remarks>
internal static class QueryCredentials
{
    // X-Amz-Signature, X-Goog-Credential, x-oss-security-token, AWSAccessKeyId, GoogleAccessId, Key-Pair-Id, q-sign-algorithm, …
    private static readonly string[] Parts =
        ["signature", "credential", "token", "accesskey", "accessid", "keypairid", "qsign", "apikey", "secret", "password", "passwd", "hdnea", "hdnts"];

    // Azure's sig, nginx's and lighttpd's md5, and what scripts call it.
    private static readonly string[] Names = ["sig", "sign", "auth", "authkey", "authorization", "key", "jwt", "hmac", "hash", "md5", "ticket"];

    public static bool IsIn(Uri uri) => uri.Query.TrimStart('?').Split('&').Select(NameOf).Any(name =>
        Names.Contains(name, StringComparer.Ordinal) || Parts.Any(part => name.Contains(part, StringComparison.Ordinal)));

    private static string NameOf(string parameter)
    {
        var name = parameter.Split('=', 2) is [var before, { Length: > 0 }] ? before : "";
        return string.Concat(Uri.UnescapeDataString(name).Where(char.IsAsciiLetterOrDigit)).ToLowerInvariant();
    }
}
