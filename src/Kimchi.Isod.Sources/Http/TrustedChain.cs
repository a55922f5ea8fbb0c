using System.Security.Cryptography.X509Certificates;

namespace Kimchi.Isod.Sources.Http;

/// <summary>What is wrong with a chain of certificates, up to the one that is trusted.</summary>
internal static class TrustedChain
{
    // What is missing above a certificate that is trusted itself.
    private const X509ChainStatusFlags NoRoot = X509ChainStatusFlags.UntrustedRoot | X509ChainStatusFlags.PartialChain;

    /// <summary>All that is wrong with a chain.</summary>
    public static X509ChainStatusFlags FaultsOf(X509Chain? chain) => Combine(chain?.ChainStatus ?? []);

    /// <summary>What is wrong with a chain up to the first certificate that is one of the authorities. An issuing authority is trusted
    /// without its root (as with curl: OpenSSL's X509_V_FLAG_PARTIAL_CHAIN), and whatever is above it does not matter.</summary>
    public static X509ChainStatusFlags FaultsBelow(X509Certificate2Collection authorities, X509Chain chain)
    {
        var elements = chain.ChainElements;
        var anchor = 0;
        while (anchor < elements.Count && !authorities.Contains(elements[anchor].Certificate)) anchor++;
        if (anchor == elements.Count) return FaultsOf(chain);
        var ofElements = elements.Aggregate(X509ChainStatusFlags.NoError, (flags, e) => flags | Combine(e.ChainElementStatus));
        var below = elements.Take(anchor + 1).Aggregate(X509ChainStatusFlags.NoError, (flags, e) => flags | Combine(e.ChainElementStatus));
        // What belongs to no certificate in particular belongs to all of them. OpenSSL does not look at the time of the last one it has, where
        // that is no root.
        var overall = FaultsOf(chain) & ~ofElements;
        var time = IsTimely(elements[anchor].Certificate) ? X509ChainStatusFlags.NoError : X509ChainStatusFlags.NotTimeValid;
        return (below | overall | time) & ~NoRoot;
    }

    private static bool IsTimely(X509Certificate2 certificate) =>
        DateTime.UtcNow >= certificate.NotBefore.ToUniversalTime() && DateTime.UtcNow <= certificate.NotAfter.ToUniversalTime();

    private static X509ChainStatusFlags Combine(X509ChainStatus[] statuses) =>
        statuses.Aggregate(X509ChainStatusFlags.NoError, (flags, status) => flags | status.Status);
}
