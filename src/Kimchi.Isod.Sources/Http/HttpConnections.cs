using System.Net.Http.Headers;
using System.Text;

namespace Kimchi.Isod.Sources.Http;

/// <summary>How connections to servers are made.</summary>
internal static class HttpConnections
{
    private const int MaxHeaderKibibytes = 64;

    /// <summary>Who we are.</summary>
    public static ProductInfoHeaderValue UserAgent { get; } =
        new("kimchi-isod", typeof(HttpConnections).Assembly.GetName().Version!.ToString(3));

    /// <summary>The one handler for all requests. It follows no redirects, keeps no cookies and decodes nothing.</summary>
    /// <exception cref="IOException">The file of <see cref="NetworkOptions.CaFile"/> cannot be used.</exception>
    public static SocketsHttpHandler CreateHandler(NetworkOptions options) => new()
    {
        AllowAutoRedirect = false,
        AutomaticDecompression = System.Net.DecompressionMethods.None,
        UseCookies = false,
        ActivityHeadersPropagator = null,
        ConnectTimeout = options.ConnectTimeout,
        MaxResponseHeadersLength = MaxHeaderKibibytes,
        // A body that is given up is not worth draining: the connection is closed instead.
        ResponseDrainTimeout = TimeSpan.Zero,
        // Idle connections of a finished download are of no use to the next one, hours later.
        PooledConnectionIdleTimeout = TimeSpan.FromSeconds(5),
        ResponseHeaderEncodingSelector = static (_, _) => Encoding.UTF8,
        Proxy = ProxyRules.Create(options),
        ConnectCallback = new AddressGuard(options.DenyNetworks).ConnectAsync,
        SslOptions = CertificateTrust.CreateOptions(options),
    };
}
