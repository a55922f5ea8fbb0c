using System.Buffers;
using System.IO.Pipelines;
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

    public static void AcceptCleartextHttp2(this ListenOptions listen, TimeSpan patience)
    {
        // Both protocols are on by default; setting them makes Kestrel warn that HTTP/2 will not work here.
        // The feature makes Kestrel think of https; clients say http.
        listen.KestrelServerOptions.AllowAlternateSchemes = true;
        listen.Use(next => async connection =>
        {
            if (await BeginsWithPrefaceAsync(connection, patience) is not { } isHttp2) return;
            if (isHttp2)
            {
                var choice = new Http2Choice();
                connection.Features.Set<ITlsConnectionFeature>(choice);
                connection.Features.Set<ITlsApplicationProtocolFeature>(choice);
            }

            await next(connection);
        });
    }

    // Null for a client that sends nothing: Kestrel's own timeouts begin behind this.
    private static async Task<bool?> BeginsWithPrefaceAsync(ConnectionContext connection, TimeSpan patience)
    {
        using var over = CancellationTokenSource.CreateLinkedTokenSource(connection.ConnectionClosed);
        over.CancelAfter(patience);
        var input = connection.Transport.Input;
        while (true)
        {
            if (await TryReadAsync(input, over.Token) is not { } read) return null;
            var length = (int)Math.Min(read.Buffer.Length, PrefaceStart.Length);
            var isSame = read.Buffer.Slice(0, length).ToArray().AsSpan().SequenceEqual(PrefaceStart.AsSpan(0, length));
            var isDecided = !isSame || length == PrefaceStart.Length || read.IsCompleted;
            // Nothing is consumed: Kestrel reads the same bytes again.
            input.AdvanceTo(read.Buffer.Start, isDecided ? read.Buffer.Start : read.Buffer.End);
            if (isDecided) return isSame && length == PrefaceStart.Length;
        }
    }

    private static async Task<ReadResult?> TryReadAsync(PipeReader input, CancellationToken over)
    {
        try
        {
            return await input.ReadAsync(over);
        }
        catch (OperationCanceledException)
        {
            return null;
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
