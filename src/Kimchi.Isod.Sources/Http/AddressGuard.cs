using System.Net;
using System.Net.Sockets;
using Kimchi.Isod.Core.Errors;

namespace Kimchi.Isod.Sources.Http;

/// <summary>Connects to servers, but to none in a denied network. The address that is checked is the one that is connected to.</summary>
internal sealed class AddressGuard(NetworkOptions options, IWebProxy proxy, TimeProvider time)
{
    private readonly IReadOnlyList<IPNetwork> _denied = options.DenyNetworks;

    /// <summary>Refuses a URL whose host is a denied address, also where a proxy would connect to it.</summary>
    public static void CheckLiteral(Uri uri, IReadOnlyList<IPNetwork> denied)
    {
        if (IPAddress.TryParse(uri.IdnHost, out var address) && FindDenied(address, denied) is { } network)
            throw Denied(uri.Host, address, network);
    }

    /// <summary>Makes a connection for <see cref="SocketsHttpHandler"/>.</summary>
    public async ValueTask<Stream> ConnectAsync(SocketsHttpConnectionContext context, CancellationToken cancellationToken)
    {
        var (host, port) = (context.DnsEndPoint.Host, context.DnsEndPoint.Port);
        var addresses = IPAddress.TryParse(host, out var literal) ? [literal] : await Dns.GetHostAddressesAsync(host, cancellationToken);
        if (!IsProxy(context)) addresses = Permitted(host, addresses);
        return await ConnectToFirstAsync(addresses, port, cancellationToken);
    }

    /// <summary>Connects to the first address that answers, in their order.</summary>
    /// <exception cref="SocketException">None does: what the last one said.</exception>
    internal async Task<NetworkStream> ConnectToFirstAsync(IPAddress[] addresses, int port, CancellationToken cancellationToken)
    {
        // One dead address (IPv6 without a route, say) must leave time for the others.
        var share = options.ConnectTimeout / (addresses.Length + 1);
        SocketException? failure = null;
        for (var i = 0; i < addresses.Length; i++)
        {
            var isLast = i == addresses.Length - 1;
            using var patience = new CancellationTokenSource(isLast ? Timeout.InfiniteTimeSpan : share, time);
            using var either = CancellationTokenSource.CreateLinkedTokenSource(patience.Token, cancellationToken);
            try
            {
                return await ConnectAsync(addresses[i], port, either.Token);
            }
            catch (SocketException e)
            {
                failure = e;
            }
            catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
            {
                failure = new SocketException((int)SocketError.TimedOut);
            }
        }

        throw failure ?? new SocketException((int)SocketError.HostNotFound);
    }

    // The proxy is the administrator's own choice, whatever network it is in. The handler alone sends CONNECT, and to proxies.
    private bool IsProxy(SocketsHttpConnectionContext context) =>
        context.InitialRequestMessage is { RequestUri: { } uri } request
        && (request.Method == HttpMethod.Connect
            || (proxy.GetProxy(uri) is { } address
                && address.IdnHost == context.DnsEndPoint.Host && address.Port == context.DnsEndPoint.Port));

    private IPAddress[] Permitted(string host, IPAddress[] addresses)
    {
        var permitted = addresses.Where(a => FindDenied(a, _denied) is null).ToArray();
        if (permitted.Length == 0 && addresses.Length > 0)
            throw Denied(host, addresses[0], FindDenied(addresses[0], _denied)!.Value);
        return permitted;
    }

    private static async Task<NetworkStream> ConnectAsync(IPAddress address, int port, CancellationToken cancellationToken)
    {
        var socket = new Socket(address.AddressFamily, SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        try
        {
            await socket.ConnectAsync(address, port, cancellationToken);
            return new NetworkStream(socket, ownsSocket: true);
        }
        catch
        {
            socket.Dispose();
            throw;
        }
    }

    private static IPNetwork? FindDenied(IPAddress address, IReadOnlyList<IPNetwork> denied)
    {
        var plain = address.IsIPv4MappedToIPv6 ? address.MapToIPv4() : address;
        foreach (var network in denied)
        {
            if (network.Contains(plain)) return network;
        }

        return null;
    }

    private static DownloadException Denied(string host, IPAddress address, IPNetwork network) => new(
        DownloadErrorKind.RemoteUnreadable,
        $"the host '{host}' has the address {address}, which is in the denied network {network} (network:deny_networks)");
}
