using System.Diagnostics.CodeAnalysis;
using System.Net.Security;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Kimchi.Isod.Sources.Network;

namespace Kimchi.Isod.Sources.Http;

/// <summary>Which servers are trusted: those of the system's authorities, and of the administrator's own.</summary>
internal static class CertificateTrust
{
    private static readonly Oid ServerAuthentication = new("1.3.6.1.5.5.7.3.1");

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
            throw CertificateFaults.Describe(server, errors, given);
        using var chain = ChainTo(authorities, given);
        if (chain.Build(server)) errors &= ~SslPolicyErrors.RemoteCertificateChainErrors;
        return errors is SslPolicyErrors.None ? true : throw CertificateFaults.Describe(server, errors, chain);
    }

    private static X509Chain ChainTo(X509Certificate2Collection authorities, X509Chain? given)
    {
        var chain = new X509Chain();
        chain.ChainPolicy.TrustMode = X509ChainTrustMode.CustomRootTrust;
        chain.ChainPolicy.CustomTrustStore.AddRange(authorities);
        chain.ChainPolicy.RevocationMode = X509RevocationMode.NoCheck;
        chain.ChainPolicy.ApplicationPolicy.Add(ServerAuthentication);
        if (given is not null) chain.ChainPolicy.ExtraStore.AddRange(given.ChainPolicy.ExtraStore);
        return chain;
    }
}
