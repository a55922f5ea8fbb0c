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

    /// <summary>Those of a PEM file and the system's, all in PEM.</summary>
    /// <exception cref="IOException">The file cannot be used.</exception>
    public static byte[] LoadWithSystem(string path)
    {
        using var store = new X509Store(StoreName.Root, StoreLocation.LocalMachine, OpenFlags.ReadOnly);
        var pem = new StringBuilder();
        foreach (var certificate in Load(path).Concat(store.Certificates))
        {
            pem.Append(certificate.ExportCertificatePem()).Append('\n');
            certificate.Dispose();
        }

        return Encoding.ASCII.GetBytes(pem.ToString());
    }
}
