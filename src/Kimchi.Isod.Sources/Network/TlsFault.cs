using Kimchi.Isod.Core.Errors;

namespace Kimchi.Isod.Sources.Network;

/// <summary>Why TLS with a server does not come about, by OpenSSL's words, which .NET and libcurl pass on:
/// <c>error:0A00045C:SSL routines::tlsv13 alert certificate required</c>.</summary>
/// <param name="What">The cause in the user's words, and what to do.</param>
/// <param name="IsTransient">Whether another try may succeed.</param>
internal sealed record TlsFault(string What, bool IsTransient = false)
{
    private const string OldServer = "this machine takes no TLS below 1.2 and no weak ciphers; use another mirror";

    // OpenSSL's reasons (include/openssl/sslerr.h); "alert" is what the server says, the rest is what this side finds. The first that fits counts.
    private static readonly (string Words, TlsFault Fault)[] Known =
    [
        ("certificate required", new("the server wants a client certificate, and there is none for it (network:client_certificates)")),
        ("alert bad certificate", new("the server wants a client certificate, one that it accepts (network:client_certificates)")),
        ("alert unknown ca", new("the server does not know who has issued the client certificate, the one of network:client_certificates")),
        ("alert certificate unknown", new("the server does not accept the client certificate, the one of network:client_certificates")),
        ("alert certificate expired", new("the client certificate, the one of network:client_certificates, has expired")),
        ("alert certificate revoked", new("the client certificate, the one of network:client_certificates, has been revoked")),
        ("alert no certificate", new("the server wants a client certificate, and there is none for it (network:client_certificates)")),
        ("alert protocol version", new($"there is no TLS version in common: {OldServer}")),
        ("unsupported protocol", new($"there is no TLS version in common: {OldServer}")),
        ("version too low", new($"there is no TLS version in common: {OldServer}")),
        ("wrong ssl version", new($"there is no TLS version in common: {OldServer}")),
        ("alert insufficient security", new($"there is no cipher in common: {OldServer}")),
        ("no shared cipher", new($"there is no cipher in common: {OldServer}")),
        ("wrong cipher returned", new($"there is no cipher in common: {OldServer}")),
        ("key too small", new($"the server's key is too small: {OldServer}")),
        ("md too weak", new($"the server's certificate is signed with a weak digest: {OldServer}")),
        ("legacy renegotiation", new($"the server renegotiates unsafely (RFC 5746): {OldServer}")),
        ("alert handshake failure", new(
            $"the server ends the handshake, as one does with which there is no cipher or version in common: {OldServer}")),
        ("unrecognized name", new("the server has no site of that host name; check the URL")),
        ("wrong version number", new("what the server sends is no TLS; is it an https server? check the scheme and the port")),
        ("packet length too long", new("what the server sends is no TLS; is it an https server? check the scheme and the port")),
        ("http request", new("what the server sends is no TLS; is it an https server? check the scheme and the port")),
        ("unknown protocol", new("what the server sends is no TLS; is it an https server? check the scheme and the port")),
        ("alert internal error", new("the server has an error of its own (alert 'internal error')", IsTransient: true)),
        ("unexpected eof", new("the server closed the connection in the middle of the handshake", IsTransient: true)),
        ("bad record mac", new("the bytes that came are damaged", IsTransient: true)),
    ];

    /// <summary>Reads the words of the TLS library; null where they are none of a known cause.</summary>
    public static TlsFault? Find(string words)
    {
        foreach (var (part, fault) in Known)
        {
            if (words.Contains(part, StringComparison.OrdinalIgnoreCase)) return fault;
        }

        return null;
    }

    /// <summary>The same of an exception: what is deepest in it is the TLS library's.</summary>
    public static TlsFault? Find(Exception e)
    {
        for (Exception? cause = e; cause is not null; cause = cause.InnerException)
        {
            if (cause is not DownloadException && Find(cause.Message) is { } fault) return fault;
        }

        return null;
    }
}
