using System.Globalization;
using Kimchi.Isod.Contracts;

namespace Kimchi.Isoctl.Display;

/// <summary>What was proven of an image, in words.</summary>
internal static class VerificationText
{
    /// <summary>Such as <c>signature rsa4096-sha512 of 2026-01-31 by 0123…CDEF (Release Team), of the list https://…/SHA512SUMS</c>.</summary>
    public static string Describe(Verification verification)
    {
        var time = verification.SignedAt is { } signedAt ? string.Create(CultureInfo.InvariantCulture, $" of {signedAt:yyyy-MM-dd}") : "";
        var key = verification.Fingerprint is { } fingerprint ? $" by {fingerprint}" : "";
        var owner = verification.UserId is { } userId ? $" ({userId})" : "";
        var list = verification.ListUrl is { } url ? $", {(verification.Kind is VerificationKind.Signature ? "of" : "from")} the list {url}" : "";
        return $"{verification.Kind} {verification.Algorithm}{time}{key}{owner}{list}";
    }

    /// <summary>In one word or two for a table, such as <c>signature, checksum</c>; a dash for nothing.</summary>
    public static string Summarize(Download download) => download.Verified.Count == 0
        ? "-"
        : string.Join(", ", download.Verified.Select(v => v.Kind).Distinct(StringComparer.Ordinal).OrderDescending(StringComparer.Ordinal));
}
