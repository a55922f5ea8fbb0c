using System.Net;
using System.Net.Sockets;
using Kimchi.Isod.Core.Remote;

namespace Kimchi.Isod.Sources.Tests;

/// <summary>A cancelled opening or transfer ends at once, and the server sees its connection go.</summary>
[CancelAfter(60_000)]
public sealed class CancelTests
{
    private static readonly NetworkOptions Direct = new() { NoProxy = ["*"], ConnectTimeout = TimeSpan.FromHours(1) };

    [Test]
    public async Task Cancelled_before_anything()
    {
        await using var http = new Http(e => e.ServeAsync(Http.Content), Direct);

        await Assert.ThatAsync(() => http.OpenAsync(null, new CancellationToken(canceled: true)), Throws.InstanceOf<OperationCanceledException>());
        Assert.That(http.Server.Requests, Is.Empty);
    }

    [Test]
    public async Task Cancelled_while_connecting()
    {
        using var deaf = new DeafListener();
        using var source = new RemoteSource(Direct, TimeProvider.System);
        using var stop = new CancellationTokenSource();
        var opening = source.OpenAsync(new RemoteRequest(RemoteUrl.Parse(deaf.Url), null), stop.Token);

        await stop.CancelAsync();

        await Assert.ThatAsync(() => opening, Throws.InstanceOf<OperationCanceledException>());
    }

    [Test]
    public async Task Cancelled_in_the_tls_handshake(CancellationToken limit)
    {
        using var mute = new TcpListener(IPAddress.Loopback, 0);
        mute.Start();
        using var source = new RemoteSource(Direct, TimeProvider.System);
        using var stop = new CancellationTokenSource();
        var url = RemoteUrl.Parse($"https://127.0.0.1:{((IPEndPoint)mute.LocalEndpoint).Port}/a.iso");
        var opening = source.OpenAsync(new RemoteRequest(url, null), stop.Token);
        using var client = await mute.AcceptTcpClientAsync(limit);
        Assert.That(await client.GetStream().ReadAsync(new byte[1], limit), Is.EqualTo(1), "the handshake has begun");

        await stop.CancelAsync();

        await Assert.ThatAsync(() => opening, Throws.InstanceOf<OperationCanceledException>());
        await Http.LeavingAsync(client.GetStream(), limit);
    }

    [Test]
    public async Task Cancelled_while_waiting_for_the_reply(CancellationToken limit)
    {
        var (asked, left) = (new TaskCompletionSource(), new TaskCompletionSource());
        await using var http = new Http(
            async e =>
            {
                asked.SetResult();
                await Http.LeavingAsync(e.Stream, e.Stopped);
                left.SetResult();
            },
            Direct);
        using var stop = new CancellationTokenSource();
        var opening = http.OpenAsync(null, stop.Token);
        await asked.Task.WaitAsync(limit);

        await stop.CancelAsync();

        var stopped = await Assert.ThrowsAsync<OperationCanceledException>(() => opening);
        Assert.That(stopped!.CancellationToken, Is.EqualTo(stop.Token));
        await left.Task.WaitAsync(limit);
    }

    [Test]
    public async Task Cancelled_while_reading(CancellationToken limit)
    {
        var left = new TaskCompletionSource();
        await using var http = new Http(
            async e =>
            {
                await e.WriteHeadAsync("200 OK", "Content-Length: 10");
                await Http.LeavingAsync(e.Stream, e.Stopped);
                left.SetResult();
            },
            Direct);
        using var stop = new CancellationTokenSource();
        await using var file = await http.OpenAsync(null, limit);
        var reading = file.ReadAsync(new byte[10], stop.Token).AsTask();

        await stop.CancelAsync();

        await Assert.ThatAsync(() => reading, Throws.InstanceOf<OperationCanceledException>());
        await left.Task.WaitAsync(limit);
    }

    [TestCase(true)]
    [TestCase(false)]
    public async Task File_that_is_given_up_closes_its_connection(bool isBegun, CancellationToken limit)
    {
        var left = new TaskCompletionSource();
        await using var http = new Http(
            async e =>
            {
                await e.WriteHeadAsync("200 OK", "Content-Length: 10");
                await e.WriteAsync("abc");
                await Http.LeavingAsync(e.Stream, e.Stopped);
                left.SetResult();
            },
            Direct);
        var file = await http.OpenAsync(null, limit);
        if (isBegun) await file.ReadAsync(new byte[1], limit);

        await file.DisposeAsync();

        await left.Task.WaitAsync(limit);
    }
}
