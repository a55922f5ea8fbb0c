using System.Net.Security;
using System.Security.Cryptography.X509Certificates;
using Kimchi.Isod.Core.Errors;

namespace Kimchi.Isod.Sources.Http;

/// <summary>Why a server's certificate is not accepted, in words, with the remedy.</summary>
internal static class CertificateFaults
{
    // A signature that does not fit comes from another authority of the same name, say one that was made anew.
    private const X509ChainStatusFlags UnknownAuthority =
        X509ChainStatusFlags.UntrustedRoot | X509ChainStatusFlags.PartialChain | X509ChainStatusFlags.NotSignatureValid;

    /// <summary>All that is wrong with it. Permanent: the server shows the same certificate next time.</summary>
    public static DownloadException Describe(X509Certificate2? certificate, SslPolicyErrors errors, X509ChainStatusFlags faults) => new(
        DownloadErrorKind.RemoteUnreadable,
        certificate is null
            ? "the server shows no certificate"
            : $"the server's certificate is not accepted: {string.Join("; ", Find(certificate, errors, faults))}");

    private static IEnumerable<string> Find(X509Certificate2 certificate, SslPolicyErrors errors, X509ChainStatusFlags flags)
    {
        if (errors.HasFlag(SslPolicyErrors.RemoteCertificateNameMismatch))
            yield return $"it is for another host name ({Names(certificate)}); use the name that it is for";
        if (!errors.HasFlag(SslPolicyErrors.RemoteCertificateChainErrors)) yield break;
        var known = X509ChainStatusFlags.NoError;
        if (flags.HasFlag(X509ChainStatusFlags.NotTimeValid))
        {
            known |= X509ChainStatusFlags.NotTimeValid;
            yield return $"it, or one that vouches for it, has expired or is not valid yet (it is valid from " +
                $"{certificate.NotBefore.ToUniversalTime():u} to {certificate.NotAfter.ToUniversalTime():u}); check this machine's clock";
        }

        if ((flags & UnknownAuthority) != X509ChainStatusFlags.NoError)
        {
            known |= UnknownAuthority;
            yield return $"its issuer '{certificate.Issuer}' is not a trusted authority; if it is yours, put its certificate in network:ca_file";
        }

        var rest = flags & ~known;
        if (rest != X509ChainStatusFlags.NoError || known == X509ChainStatusFlags.NoError) yield return $"its chain has {rest}";
    }

    private static string Names(X509Certificate2 certificate)
    {
        var names = certificate.Extensions.OfType<X509SubjectAlternativeNameExtension>().FirstOrDefault();
        var first = names?.EnumerateDnsNames().Take(3).ToArray() ?? [];
        return first.Length > 0 ? string.Join(", ", first) : certificate.Subject;
    }
}
