using System.Diagnostics.CodeAnalysis;
using System.Net.Security;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace Kimchi.Isod.Sources.Http;

/// <summary>Which servers are trusted: those of the system's authorities, and of the administrator's own.</summary>
internal static class CertificateTrust
{
    /// <summary>The check, or null where the system's is enough.</summary>
    /// <exception cref="IOException">The file of <see cref="NetworkOptions.CaFile"/> cannot be used.</exception>
    [SuppressMessage("Security", "CA5359", Justification = "The administrator asked for it: network:insecure_tls.")]
    public static RemoteCertificateValidationCallback? Create(NetworkOptions options)
    {
        if (options.InsecureTls) return static (_, _, _, _) => true;
        if (options.CaFile is null) return null;
        var authorities = Load(options.CaFile);
        return (_, certificate, chain, errors) => errors is SslPolicyErrors.None
            || (errors is SslPolicyErrors.RemoteCertificateChainErrors && IsFromAuthority(certificate, chain, authorities));
    }

    private static bool IsFromAuthority(X509Certificate? certificate, X509Chain? given, X509Certificate2Collection authorities)
    {
        if (certificate is not X509Certificate2 server) return false;
        using var chain = new X509Chain();
        chain.ChainPolicy.TrustMode = X509ChainTrustMode.CustomRootTrust;
        chain.ChainPolicy.CustomTrustStore.AddRange(authorities);
        chain.ChainPolicy.RevocationMode = X509RevocationMode.NoCheck;
        if (given is not null) chain.ChainPolicy.ExtraStore.AddRange(given.ChainPolicy.ExtraStore);
        return chain.Build(server);
    }

    private static X509Certificate2Collection Load(string path)
    {
        try
        {
            var authorities = new X509Certificate2Collection();
            authorities.ImportFromPemFile(path);
            return authorities.Count > 0 ? authorities : throw new IOException($"network:ca_file: {path} has no certificate in it");
        }
        catch (Exception e) when (e is CryptographicException or UnauthorizedAccessException or FileNotFoundException or DirectoryNotFoundException)
        {
            throw new IOException($"network:ca_file: {path} cannot be used: {e.Message}", e);
        }
    }
}
