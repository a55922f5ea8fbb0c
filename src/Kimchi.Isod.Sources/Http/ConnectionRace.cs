using System.Net;
using System.Net.Sockets;

namespace Kimchi.Isod.Sources.Http;

/// <summary>Connects to one of a host's addresses: to the first, and while that does not answer to the next ones, too ("Happy Eyeballs", RFC
/// 8305, section 5). So a dead address costs a moment and not the whole patience.</summary>
internal sealed class ConnectionRace(int port, TimeProvider time)
{
    // "Connection Attempt Delay", section 8.
    private static readonly TimeSpan Lead = TimeSpan.FromMilliseconds(250);

    /// <summary>Runs it.</summary>
    /// <exception cref="SocketException">No address answers: what the last one said.</exception>
    /// <exception cref="OperationCanceledException"><paramref name="cancellationToken"/> fired; no attempt goes on.</exception>
    public async Task<ServerConnection> RunAsync(IPAddress[] addresses, CancellationToken cancellationToken)
    {
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        var running = new List<Task<ServerConnection>>();
        try
        {
            var waiting = new Queue<IPAddress>(Interlace(addresses));
            SocketException? failure = null;
            while (waiting.Count + running.Count > 0)
            {
                if (waiting.TryDequeue(out var address)) running.Add(ServerConnection.OpenAsync(address, port, stop.Token));
                if (await FirstDoneAsync(running, waiting.Count > 0, cancellationToken) is not { } done) continue;
                running.Remove(done);
                if (done.Exception?.InnerException is SocketException e) failure = e;
                else return await done;
            }

            throw failure ?? new SocketException((int)SocketError.HostNotFound);
        }
        finally
        {
            await stop.CancelAsync();
            await Task.WhenAll(running.Select(ForgetAsync));
        }
    }

    // Section 4: the families in turn, beginning with that which the resolver prefers (RFC 6724).
    private static IEnumerable<IPAddress> Interlace(IPAddress[] addresses)
    {
        var preferred = addresses.Where(a => a.AddressFamily == addresses[0].AddressFamily).ToArray();
        var others = addresses.Except(preferred).ToArray();
        for (var i = 0; i < Math.Max(preferred.Length, others.Length); i++)
        {
            if (i < preferred.Length) yield return preferred[i];
            if (i < others.Length) yield return others[i];
        }
    }

    // The first attempt that ends, well or not; null when it is the next one's turn.
    private async Task<Task<ServerConnection>?> FirstDoneAsync(List<Task<ServerConnection>> running, bool hasMore, CancellationToken cancellationToken)
    {
        try
        {
            return await Task.WhenAny(running).WaitAsync(hasMore ? Lead : Timeout.InfiniteTimeSpan, time, cancellationToken);
        }
        catch (TimeoutException)
        {
            return null;
        }
    }

    // Those that have lost: one that has connected meanwhile is closed again.
    private static async Task ForgetAsync(Task<ServerConnection> attempt)
    {
        try
        {
            await (await attempt).DisposeAsync();
        }
        catch (Exception e) when (e is OperationCanceledException or SocketException or ObjectDisposedException)
        {
            // It has not connected, which is what was wanted.
        }
    }
}
