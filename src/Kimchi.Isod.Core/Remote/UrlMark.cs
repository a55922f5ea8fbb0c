using System.Security.Cryptography;
using System.Text;

namespace Kimchi.Isod.Core.Remote;

/// <summary>A text that tells a URL from others and can be kept, since it has no secret in it: what may be shown of the URL, and where that is not
/// all of it, a digest of all.</summary>
public static class UrlMark
{
    // A query that somebody could guess must cost something to guess (3 ms, measured on one core); those that are no secret cost nothing.
    private const int Iterations = 10_000;
    private const int DigestLength = 16;

    /// <summary>The mark of a URL.</summary>
    /// <param name="url">The URL. Its user information does not count.</param>
    /// <param name="key">What the digest is made with, so that it is of no use elsewhere.</param>
    public static string Of(RemoteUrl url, Guid key)
    {
        var shown = url.ToString();
        if (!shown.EndsWith(RemoteUrl.HiddenQuery, StringComparison.Ordinal)) return shown;
        var digest = Rfc2898DeriveBytes.Pbkdf2(
            Encoding.UTF8.GetBytes(url.Uri.AbsoluteUri), key.ToByteArray(), Iterations, HashAlgorithmName.SHA256, DigestLength);
        return $"{shown} {Convert.ToHexStringLower(digest)}";
    }

    /// <summary>What may be shown of the URL of a mark.</summary>
    public static string Shown(string mark) => mark.Split(' ')[0];

    /// <summary>The mark of a URL of which nothing more is known than what may be shown; null where that is not all of it.</summary>
    public static string? OfShown(RemoteUrl url) =>
        url.ToString() is var shown && shown.EndsWith(RemoteUrl.HiddenQuery, StringComparison.Ordinal) ? null : shown;
}
