using System.Net;
using System.Net.Sockets;
using Kimchi.Isod.Core.Errors;
using Kimchi.Isod.Sources.Network;

namespace Kimchi.Isod.Sources.Http;

/// <summary>Connects to servers, but to none in a denied network. The address that is checked is the one that is connected to.</summary>
internal sealed class AddressGuard(NetworkOptions options, IWebProxy proxy, TimeProvider time)
{
    /// <summary>Makes a connection for <see cref="SocketsHttpHandler"/>.</summary>
    public async ValueTask<Stream> ConnectAsync(SocketsHttpConnectionContext context, CancellationToken cancellationToken)
    {
        var isProxy = IsProxy(context);
        try
        {
            return await ConnectAsync(context.DnsEndPoint, isProxy, cancellationToken);
        }
        catch (SocketException e) when (isProxy)
        {
            throw DownloadException.Transient(
                DownloadErrorKind.RemoteUnreadable,
                $"the proxy {context.DnsEndPoint.Host}:{context.DnsEndPoint.Port} cannot be reached (network:proxy): {e.Message}", e);
        }
    }

    private async Task<ServerConnection> ConnectAsync(DnsEndPoint server, bool isProxy, CancellationToken cancellationToken)
    {
        var addresses = IPAddress.TryParse(server.Host, out var literal) ? [literal] : await Dns.GetHostAddressesAsync(server.Host, cancellationToken);
        if (!isProxy) addresses = DeniedNetworks.Permitted(server.Host, addresses, options.DenyNetworks);
        return await ConnectToFirstAsync(addresses, server.Port, cancellationToken);
    }

    /// <summary>Connects to the first address that answers.</summary>
    /// <exception cref="SocketException">None does: what the last one said.</exception>
    internal Task<ServerConnection> ConnectToFirstAsync(IPAddress[] addresses, int port, CancellationToken cancellationToken) =>
        new ConnectionRace(port, time).RunAsync(addresses, cancellationToken);

    // The proxy is the administrator's own choice, whatever network it is in. The handler alone sends CONNECT, and to proxies.
    private bool IsProxy(SocketsHttpConnectionContext context) =>
        context.InitialRequestMessage is { RequestUri: { } uri } request
        && (request.Method == HttpMethod.Connect
            || (proxy.GetProxy(uri) is { } address
                && address.IdnHost == context.DnsEndPoint.Host && address.Port == context.DnsEndPoint.Port));
}
