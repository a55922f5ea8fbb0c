using System.Net;
using System.Net.Security;
using System.Text;
using Kimchi.Isod.Sources.Network;

namespace Kimchi.Isod.Sources.Http;

/// <summary>How connections to servers are made.</summary>
internal static class HttpConnections
{
    private const int MaxHeaderKibibytes = 64;

    // By default a connection attempt goes on for 5 s after its request was cancelled.
    // https://learn.microsoft.com/dotnet/core/runtime-config/networking
    private const string PendingConnectionTimeout = "System.Net.SocketsHttpHandler.PendingConnectionTimeoutOnRequestCompletion";

    /// <summary>A handler for requests. It follows no redirects, keeps no cookies and decodes nothing.</summary>
    /// <param name="options">How servers are reached.</param>
    /// <param name="time">The clock.</param>
    /// <param name="select">Chooses a client's certificate; null where there is one for all.</param>
    /// <exception cref="IOException">The file of <see cref="NetworkOptions.CaFile"/> cannot be used.</exception>
    public static SocketsHttpHandler CreateHandler(NetworkOptions options, TimeProvider time, LocalCertificateSelectionCallback? select)
    {
        // Read once, before the first connection of the process.
        AppContext.SetData(PendingConnectionTimeout, 0);
        var proxy = ProxyRules.Create(options, Environment.GetEnvironmentVariable);
        return new SocketsHttpHandler
        {
            AllowAutoRedirect = false,
            AutomaticDecompression = DecompressionMethods.None,
            UseCookies = false,
            PreAuthenticate = false,
            ActivityHeadersPropagator = null,
            ConnectTimeout = options.ConnectTimeout,
            MaxResponseHeadersLength = MaxHeaderKibibytes,
            // A body that is given up is not worth draining: the connection is closed instead.
            MaxResponseDrainSize = 0,
            ResponseDrainTimeout = TimeSpan.Zero,
            // Idle connections of a finished download are of no use to the next one, hours later.
            PooledConnectionIdleTimeout = TimeSpan.FromSeconds(5),
            // Each character is a byte as it came (RFC 9110, section 5.5). Those who know what it should be read it: HeaderText.
            ResponseHeaderEncodingSelector = static (_, _) => Encoding.Latin1,
            RequestHeaderEncodingSelector = static (_, _) => Encoding.Latin1,
            Proxy = proxy,
            ConnectCallback = new AddressGuard(options, proxy, time).ConnectAsync,
            SslOptions = new SslClientAuthenticationOptions
            {
                LocalCertificateSelectionCallback = select,
                CertificateChainPolicy = CertificateTrust.CreateChainPolicy(),
                RemoteCertificateValidationCallback = CertificateTrust.Create(options),
            },
        };
    }
}
