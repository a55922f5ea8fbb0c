using System.Buffers;
using System.Security.Cryptography.X509Certificates;
using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.AspNetCore.Server.Kestrel.Core.Features;

namespace Kimchi.Isod.Server;

/// <summary>HTTP/2 with prior knowledge beside HTTP/1.1 on a socket without TLS: RFC 9113, section 3.3.</summary>
/// <remarks>
/// Kestrel takes HTTP/1.1 for granted where there is no ALPN to tell the two apart. The client's first bytes tell them apart as
/// well; a connection that begins with HTTP/2's preface is given the feature by which Kestrel learns of ALPN's choice.
/// </remarks>
internal static class CleartextHttp2
{
    private static readonly byte[] PrefaceStart = "PRI "u8.ToArray();

    public static void AcceptCleartextHttp2(this ListenOptions listen)
    {
        // Both protocols are on by default; setting them makes Kestrel warn that HTTP/2 will not work here.
        // The feature makes Kestrel think of https; clients say http.
        listen.KestrelServerOptions.AllowAlternateSchemes = true;
        listen.Use(next => async connection =>
        {
            if (await BeginsWithPrefaceAsync(connection))
            {
                var choice = new Http2Choice();
                connection.Features.Set<ITlsConnectionFeature>(choice);
                connection.Features.Set<ITlsApplicationProtocolFeature>(choice);
            }

            await next(connection);
        });
    }

    private static async Task<bool> BeginsWithPrefaceAsync(ConnectionContext connection)
    {
        var input = connection.Transport.Input;
        while (true)
        {
            var read = await input.ReadAsync(connection.ConnectionClosed);
            var length = (int)Math.Min(read.Buffer.Length, PrefaceStart.Length);
            var isSame = read.Buffer.Slice(0, length).ToArray().AsSpan().SequenceEqual(PrefaceStart.AsSpan(0, length));
            var isDecided = !isSame || length == PrefaceStart.Length || read.IsCompleted;
            // Nothing is consumed: Kestrel reads the same bytes again.
            input.AdvanceTo(read.Buffer.Start, isDecided ? read.Buffer.Start : read.Buffer.End);
            if (isDecided) return isSame && length == PrefaceStart.Length;
        }
    }

    private sealed class Http2Choice : ITlsConnectionFeature, ITlsApplicationProtocolFeature
    {
        public X509Certificate2? ClientCertificate { get; set; }

        public ReadOnlyMemory<byte> ApplicationProtocol { get; } = "h2"u8.ToArray();

        public Task<X509Certificate2?> GetClientCertificateAsync(CancellationToken cancellationToken) =>
            Task.FromResult<X509Certificate2?>(null);
    }
}
