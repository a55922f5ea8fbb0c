using System.Diagnostics.CodeAnalysis;
using System.Net.Security;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace Kimchi.Isod.Sources.Http;

/// <summary>Which servers are trusted: those of the system's authorities, and of the administrator's own.</summary>
internal static class CertificateTrust
{
    /// <summary>What TLS connections are made with.</summary>
    /// <exception cref="IOException">The file of <see cref="NetworkOptions.CaFile"/> cannot be used.</exception>
    [SuppressMessage("Security", "CA5359", Justification = "The administrator asked for it: network:insecure_tls.")]
    public static SslClientAuthenticationOptions CreateOptions(NetworkOptions options)
    {
        if (options.InsecureTls) return new SslClientAuthenticationOptions { RemoteCertificateValidationCallback = (_, _, _, _) => true };
        return options.CaFile is { } file
            ? new SslClientAuthenticationOptions { CertificateChainPolicy = TrustAlso(Load(file)) }
            : new SslClientAuthenticationOptions();
    }

    private static X509ChainPolicy TrustAlso(X509Certificate2Collection authorities)
    {
        using var system = new X509Store(StoreName.Root, StoreLocation.LocalMachine, OpenFlags.ReadOnly);
        var policy = new X509ChainPolicy
        {
            TrustMode = X509ChainTrustMode.CustomRootTrust,
            RevocationMode = X509RevocationMode.NoCheck,
        };
        policy.CustomTrustStore.AddRange(system.Certificates);
        policy.CustomTrustStore.AddRange(authorities);
        return policy;
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
