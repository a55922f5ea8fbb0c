using System.Net;
using System.Net.Sockets;
using Kimchi.Isod.Core.Errors;

namespace Kimchi.Isod.Sources.Http;

/// <summary>Connects to servers, but to none in a denied network. The address that is checked is the one that is connected to.</summary>
internal sealed class AddressGuard(IReadOnlyList<IPNetwork> denied)
{
    /// <summary>Refuses a URL whose host is a denied address, also where a proxy would connect to it.</summary>
    public static void CheckLiteral(Uri uri, IReadOnlyList<IPNetwork> denied)
    {
        if (IPAddress.TryParse(uri.IdnHost, out var address)) Check(uri.Host, address, denied);
    }

    /// <summary>Makes a connection for <see cref="SocketsHttpHandler"/>.</summary>
    public async ValueTask<Stream> ConnectAsync(SocketsHttpConnectionContext context, CancellationToken cancellationToken)
    {
        var (host, port) = (context.DnsEndPoint.Host, context.DnsEndPoint.Port);
        var addresses = await Dns.GetHostAddressesAsync(host, cancellationToken);
        // The proxy is the administrator's own choice, whatever network it is in.
        var isProxy = context.InitialRequestMessage.RequestUri is { } uri && (uri.IdnHost != host || uri.Port != port);
        if (!isProxy) addresses = Permitted(host, addresses);
        return await ConnectToFirstAsync(addresses, port, cancellationToken);
    }

    private IPAddress[] Permitted(string host, IPAddress[] addresses)
    {
        var permitted = addresses.Where(a => !denied.Any(n => n.Contains(Plain(a)))).ToArray();
        if (permitted.Length == 0 && addresses.Length > 0) Check(host, addresses[0], denied);
        return permitted;
    }

    private static async Task<NetworkStream> ConnectToFirstAsync(IPAddress[] addresses, int port, CancellationToken cancellationToken)
    {
        SocketException? failure = null;
        foreach (var address in addresses)
        {
            var socket = new Socket(address.AddressFamily, SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
            try
            {
                await socket.ConnectAsync(address, port, cancellationToken);
                return new NetworkStream(socket, ownsSocket: true);
            }
            catch (SocketException e)
            {
                socket.Dispose();
                failure = e;
            }
            catch
            {
                socket.Dispose();
                throw;
            }
        }

        throw failure ?? new SocketException((int)SocketError.HostNotFound);
    }

    private static void Check(string host, IPAddress address, IReadOnlyList<IPNetwork> denied)
    {
        foreach (var network in denied.Where(n => n.Contains(Plain(address))))
        {
            throw new DownloadException(
                DownloadErrorKind.RemoteUnreadable,
                $"the host '{host}' has the address {address}, which is in the denied network {network} (network:deny_networks)");
        }
    }

    private static IPAddress Plain(IPAddress address) => address.IsIPv4MappedToIPv6 ? address.MapToIPv4() : address;
}
