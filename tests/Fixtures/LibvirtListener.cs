using System.Security.Cryptography.X509Certificates;

namespace Kimchi.Isod.Fixtures;

/// <summary>What a libvirtd needs to be reached over TCP and TLS on the loopback interface, and its clients to reach it.</summary>
public sealed class LibvirtListener : IDisposable
{
    private readonly TestAuthority _authority = new();
    private readonly TemporaryDirectory _pki = new("pki");

    /// <summary>Makes the certificates of both sides, under the names that libvirt looks for in a <c>pkipath</c>.</summary>
    public LibvirtListener()
    {
        File.WriteAllText(_pki["cacert.pem"], _authority.Pem);
        foreach (var side in new[] { "server", "client" })
        {
            using var certificate = _authority.Issue();
            using var key = certificate.GetECDsaPrivateKey()!;
            File.WriteAllText(_pki[$"{side}cert.pem"], certificate.ExportCertificatePem());
            File.WriteAllText(_pki[$"{side}key.pem"], key.ExportPkcs8PrivateKeyPem());
        }
    }

    /// <summary>The port of plain TCP.</summary>
    public int TcpPort { get; } = LoopbackPorts.FindFree();

    /// <summary>The port of TLS.</summary>
    public int TlsPort { get; } = LoopbackPorts.FindFree();

    /// <summary>Lines of libvirtd.conf.</summary>
    public string Configuration => $"""
        listen_addr = "127.0.0.1"
        listen_tcp = 1
        tcp_port = "{TcpPort}"
        auth_tcp = "none"
        listen_tls = 1
        tls_port = "{TlsPort}"
        auth_tls = "none"
        ca_file = "{_pki["cacert.pem"]}"
        cert_file = "{_pki["servercert.pem"]}"
        key_file = "{_pki["serverkey.pem"]}"
        """;

    /// <summary>The port of a transport, <c>tcp</c> or <c>tls</c>.</summary>
    public int PortOf(string transport) => transport == "tls" ? TlsPort : TcpPort;

    /// <summary>The URI by which to connect with a transport, <c>tcp</c> or <c>tls</c>, to its own port or that of a relay.</summary>
    public string Uri(string transport, int? port = null) =>
        $"storage+{transport}://127.0.0.1:{port ?? PortOf(transport)}/system" + (transport == "tls" ? $"?pkipath={_pki.Path}" : "");

    /// <summary>Forgets the keys.</summary>
    public void Dispose()
    {
        _authority.Dispose();
        _pki.Dispose();
    }
}
