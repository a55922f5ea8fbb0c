using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text;

namespace Kimchi.Isod.Sources.Network;

/// <summary>The administrator's own certificate authorities: <see cref="NetworkOptions.CaFile"/>.</summary>
internal static class CertificateAuthorities
{
    /// <summary>Reads a PEM file.</summary>
    /// <exception cref="IOException">It cannot be used.</exception>
    public static X509Certificate2Collection Load(string path)
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

    /// <summary>Those of a PEM file, which is read now, and the system's, which are read when they are needed: that takes 40 ms.</summary>
    /// <returns>All of them in PEM.</returns>
    /// <exception cref="IOException">The file cannot be used.</exception>
    public static Lazy<ReadOnlyMemory<byte>> LoadWithSystem(string path)
    {
        var own = Load(path);
        return new(() => Encoding.ASCII.GetBytes(ExportWithSystem(own)));
    }

    private static string ExportWithSystem(X509Certificate2Collection own)
    {
        using var store = new X509Store(StoreName.Root, StoreLocation.LocalMachine, OpenFlags.ReadOnly);
        var pem = new StringBuilder();
        foreach (var certificate in own.Concat(store.Certificates))
        {
            pem.Append(certificate.ExportCertificatePem()).Append('\n');
            certificate.Dispose();
        }

        return pem.ToString();
    }
}
