using System.Diagnostics.CodeAnalysis;
using System.Net.Security;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Kimchi.Isod.Sources.Network;

namespace Kimchi.Isod.Sources.Http;

/// <summary>Which servers are trusted: those of the system's authorities, and of the administrator's own.</summary>
/// <remarks>
/// A certificate names addresses where its issuer, lists of revoked certificates and answers about them can be fetched (RFC 5280, sections
/// 4.2.1.13 and 4.2.2.1). A stranger has written them, before anything is trusted, and the connections would pass by
/// <see cref="AddressGuard"/>. So nothing is ever fetched, whatever is trusted: what the server does not send, and the machine does not have, is missing.
/// </remarks>
internal static class CertificateTrust
{
    private static readonly Oid ServerAuthentication = new("1.3.6.1.5.5.7.3.1");

    /// <summary>How the runtime builds the chain that it gives to the check: with the system's authorities, and from what is here.</summary>
    public static X509ChainPolicy CreateChainPolicy()
    {
        var policy = new X509ChainPolicy
        {
            RevocationMode = X509RevocationMode.NoCheck,
            DisableCertificateDownloads = true,
        };
        policy.ApplicationPolicy.Add(ServerAuthentication);
        return policy;
    }

    /// <summary>The check. It throws a reason rather than to say no.</summary>
    /// <exception cref="IOException">The file of <see cref="NetworkOptions.CaFile"/> cannot be used.</exception>
    [SuppressMessage("Security", "CA5359", Justification = "The administrator asked for it: network:insecure_tls.")]
    public static RemoteCertificateValidationCallback Create(NetworkOptions options)
    {
        if (options.InsecureTls) return static (_, _, _, _) => true;
        var authorities = options.CaFile is null ? null : CertificateAuthorities.Load(options.CaFile);
        return (_, certificate, chain, errors) =>
            errors is SslPolicyErrors.None || IsTrusted(certificate as X509Certificate2, chain, errors, authorities);
    }

    private static bool IsTrusted(
        X509Certificate2? server, X509Chain? given, SslPolicyErrors errors, X509Certificate2Collection? authorities)
    {
        if (server is null || authorities is null || !errors.HasFlag(SslPolicyErrors.RemoteCertificateChainErrors))
            throw CertificateFaults.Describe(server, errors, TrustedChain.FaultsOf(given));
        using var chain = ChainTo(authorities, given);
        chain.Build(server);
        var faults = TrustedChain.FaultsBelow(authorities, chain);
        if (faults is X509ChainStatusFlags.NoError) errors &= ~SslPolicyErrors.RemoteCertificateChainErrors;
        return errors is SslPolicyErrors.None ? true : throw CertificateFaults.Describe(server, errors, faults);
    }

    private static X509Chain ChainTo(X509Certificate2Collection authorities, X509Chain? given)
    {
        var chain = new X509Chain { ChainPolicy = CreateChainPolicy() };
        chain.ChainPolicy.TrustMode = X509ChainTrustMode.CustomRootTrust;
        chain.ChainPolicy.CustomTrustStore.AddRange(authorities);
        if (given is not null) chain.ChainPolicy.ExtraStore.AddRange(given.ChainPolicy.ExtraStore);
        return chain;
    }
}
