using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace Kimchi.Isod.Sources.Network;

/// <summary>A certificate that we show to one host, with its key.</summary>
/// <param name="Path">The PEM file that has both.</param>
/// <param name="Stamp">What tells that the file is still the same.</param>
/// <param name="Certificate">The certificate with its key.</param>
/// <param name="Issuers">The certificates that stand behind it in the file.</param>
internal sealed record ClientCertificate(string Path, string Stamp, X509Certificate2 Certificate, X509Certificate2Collection Issuers)
{
    private const UnixFileMode Open = UnixFileMode.OtherRead | UnixFileMode.OtherWrite | UnixFileMode.GroupWrite;

    /// <summary>Whether others than its owner and its group can read the file, or others than its owner can write to it.</summary>
    public bool IsOpenToOthers { get; init; }

    /// <summary>What tells a file from an earlier one at the same path.</summary>
    /// <exception cref="IOException">It cannot be read.</exception>
    public static string StampOf(string path) => FormattableString.Invariant($"{File.GetLastWriteTimeUtc(path).Ticks}-{new FileInfo(path).Length}");

    /// <summary>Reads a file: the certificate first, then those that have issued it, and its key in plain text anywhere.</summary>
    /// <exception cref="IOException">It cannot be used. The message names the file, and nothing that is in it.</exception>
    public static ClientCertificate Load(string path)
    {
        try
        {
            var stamp = StampOf(path);
            var text = File.ReadAllText(path);
            if (Fault(text) is { } fault) throw Unusable(path, fault);
            var all = new X509Certificate2Collection();
            all.ImportFromPem(text);
            all.RemoveAt(0);
            return new ClientCertificate(path, stamp, X509Certificate2.CreateFromPem(text, text), all)
            {
                IsOpenToOthers = (File.GetUnixFileMode(path) & Open) is not UnixFileMode.None,
            };
        }
        catch (Exception e) when (e is CryptographicException or ArgumentException)
        {
            throw Unusable(path, "its certificate or its key cannot be read, or the key is not that of the first certificate", e);
        }
        catch (UnauthorizedAccessException e)
        {
            throw Unusable(path, e.Message, e);
        }
        catch (Exception e) when (e is FileNotFoundException or DirectoryNotFoundException)
        {
            throw Unusable(path, "it is not there", e);
        }
    }

    private static string? Fault(string text)
    {
        if (!text.Contains("-----BEGIN CERTIFICATE-----", StringComparison.Ordinal)) return "it has no certificate (-----BEGIN CERTIFICATE-----)";
        if (text.Contains("-----BEGIN ENCRYPTED PRIVATE KEY-----", StringComparison.Ordinal) || text.Contains("Proc-Type: 4,ENCRYPTED", StringComparison.Ordinal))
            return "its private key is encrypted: store it in plain text, or as a credential of systemd's";
        return text.Contains("PRIVATE KEY-----", StringComparison.Ordinal) ? null : "it has no private key (-----BEGIN PRIVATE KEY-----)";
    }

    private static IOException Unusable(string path, string why, Exception? inner = null) =>
        new($"network:client_certificates: {path} cannot be used: {why}", inner);
}
