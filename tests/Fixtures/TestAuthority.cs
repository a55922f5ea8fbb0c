using System.Net;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace Kimchi.Isod.Fixtures;

/// <summary>A certificate authority of the test's own.</summary>
public sealed class TestAuthority : IDisposable
{
    private readonly X509Certificate2 _authority;
    private readonly ECDsa _key = ECDsa.Create(ECCurve.NamedCurves.nistP256);

    /// <summary>Makes one, valid from yesterday for a year.</summary>
    /// <param name="parent">The authority that vouches for it; null for a root.</param>
    /// <param name="name">Its name.</param>
    /// <param name="isExpired">Whether it ended yesterday.</param>
    public TestAuthority(TestAuthority? parent = null, string name = "kimchi-isod test authority", bool isExpired = false)
    {
        var request = new CertificateRequest($"CN={name}", _key, HashAlgorithmName.SHA256);
        request.CertificateExtensions.Add(new X509BasicConstraintsExtension(true, false, 0, true));
        var (begin, end) = (DateTimeOffset.UtcNow.AddDays(-1), DateTimeOffset.UtcNow.AddDays(isExpired ? -0.9 : 360));
        _authority = parent is null
            ? request.CreateSelfSigned(begin, end)
            : request.Create(parent._authority.SubjectName, X509SignatureGenerator.CreateForECDsa(parent._key), begin, end, RandomNumberGenerator.GetBytes(8));
    }

    /// <summary>Its own certificate in PEM.</summary>
    public string Pem => _authority.ExportCertificatePem();

    /// <summary>Makes a server's certificate.</summary>
    /// <param name="host">The name it is for; the loopback addresses are added where it is <c>localhost</c>.</param>
    /// <param name="isExpired">Whether it ended yesterday.</param>
    /// <param name="issuerUrl">Where its issuer's certificate can be fetched (RFC 5280, section 4.2.2.1); null for nowhere.</param>
    public X509Certificate2 Issue(string host = "localhost", bool isExpired = false, string? issuerUrl = null)
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var names = new SubjectAlternativeNameBuilder();
        names.AddDnsName(host);
        if (host == "localhost") names.AddIpAddress(IPAddress.Loopback);
        if (host == "localhost") names.AddIpAddress(IPAddress.IPv6Loopback);
        var request = new CertificateRequest($"CN={host}", key, HashAlgorithmName.SHA256);
        request.CertificateExtensions.Add(names.Build());
        if (issuerUrl is not null) request.CertificateExtensions.Add(new X509AuthorityInformationAccessExtension([], [issuerUrl]));
        var begin = DateTimeOffset.UtcNow.AddHours(-20);
        using var certificate = request.Create(
            _authority.SubjectName, X509SignatureGenerator.CreateForECDsa(_key), begin, isExpired ? begin.AddHours(1) : begin.AddDays(30), RandomNumberGenerator.GetBytes(8));
        return certificate.CopyWithPrivateKey(key);
    }

    /// <summary>Forgets the keys.</summary>
    public void Dispose()
    {
        _authority.Dispose();
        _key.Dispose();
    }
}
