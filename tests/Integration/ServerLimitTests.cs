using System.Net.Sockets;
using System.Text;
using Kimchi.Isod.Fixtures;

namespace Kimchi.Isod.Integration.Tests;

/// <summary>What a client of the socket may not do: be many, be large, be slow.</summary>
[Parallelizable(ParallelScope.Self)]
public sealed class ServerLimitTests : IsodTest
{
    private const string Request = "GET /version HTTP/1.1\r\nHost: localhost\r\n\r\n";

    [Test]
    public async Task Connections_beyond_the_limit_are_closed_at_once_until_one_is_free()
    {
        var daemon = await StartAsync(("server:max_connections", "2"));
        daemon.Client.Dispose();
        using var first = await ConnectAsync(daemon);
        await AnswersAsync(first);
        using (var second = await ConnectAsync(daemon))
        {
            await AnswersAsync(second);
            using var third = await ConnectAsync(daemon);
            Assert.That(await ReadToEndAsync(third), Is.Empty);
        }

        await Patience.UntilAsync(
            async () =>
            {
                using var again = await ConnectAsync(daemon);
                return await TryAskAsync(again);
            },
            () => "the place of a closed connection did not become free");
    }

    [Test]
    public async Task Connection_is_closed_in_good_order_after_so_many_requests()
    {
        var daemon = await StartAsync(("server:max_connection_requests", "3"));
        using var socket = await ConnectAsync(daemon);

        await SendAsync(socket, Request + Request + Request + Request);

        var answers = (await ReadToEndAsync(socket)).Split("HTTP/1.1 200 OK")[1..];
        Assert.That(answers, Has.Length.EqualTo(3));
        Assert.That(answers[^1], Does.Contain("Connection: close"));
    }

    [Test]
    public async Task Headers_over_the_limit_are_refused()
    {
        var daemon = await StartAsync(("server:max_header_size", "2K"));
        using var socket = await ConnectAsync(daemon);

        await SendAsync(socket, $"GET /version HTTP/1.1\r\nHost: localhost\r\nX-Long: {new string('x', 3000)}\r\n\r\n");

        Assert.That(await ReadToEndAsync(socket), Does.StartWith("HTTP/1.1 431 ").And.Contains("\"reason\":\"KCHAPI0011E: "));
    }

    [TestCase("GET /version HTTP/1.1\r\nHost: loc", "HTTP/1.1 408 ")]
    [TestCase("", "")]
    [TestCase(Request, "HTTP/1.1 200 OK")]
    public async Task Client_that_sends_nothing_more_is_not_kept(string sent, string answer)
    {
        var daemon = await StartAsync(("server:header_timeout", "1s"), ("server:idle_timeout", "1s"));
        using var socket = await ConnectAsync(daemon);

        await SendAsync(socket, sent);

        Assert.That(await ReadToEndAsync(socket), Does.StartWith(answer));
    }

    [Test]
    public async Task Body_that_trickles_is_not_waited_for()
    {
        var daemon = await StartAsync(("server:min_data_rate", "1000"));
        using var socket = await ConnectAsync(daemon);

        await SendAsync(socket, $"POST {IsodClient.Downloads} HTTP/1.1\r\nHost: localhost\r\nContent-Length: 5000\r\n\r\n{{");

        Assert.That(await ReadToEndAsync(socket), Does.StartWith("HTTP/1.1 408 "));
    }

    [TestCase("POST", IsodClient.Downloads, "80000000", "HTTP/1.1 400 ")]
    [TestCase("POST", IsodClient.Downloads + "/pause", "FFFFFFFFFFFFFFFFFF", "HTTP/1.1 400 ")]
    [TestCase("POST", IsodClient.Downloads + "/probe", "0x5", "HTTP/1.1 400 ")]
    [TestCase("POST", IsodClient.Downloads + "/limit", "-5", "HTTP/1.1 400 ")]
    [TestCase("GET", "/version", "80000000", "HTTP/1.1 200 OK")]
    public async Task Chunk_of_a_size_that_cannot_be_is_the_clients_error(string method, string path, string size, string answer)
    {
        var daemon = await StartAsync();
        using var socket = await ConnectAsync(daemon);

        await SendAsync(
            socket,
            $"{method} {path} HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\nTransfer-Encoding: chunked\r\n\r\n{size}\r\n{{\r\n0\r\n\r\n");

        var reply = await ReadToEndAsync(socket);
        Assert.That(reply, Does.StartWith(answer));
        Assert.That(reply, Does.Not.Contain("unforeseen"));
        await daemon.StopAsync();
        Assert.That(daemon.Log, Does.Not.Contain("   at "));
    }

    private static async Task<Socket> ConnectAsync(IsodProcess daemon)
    {
        var socket = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
        await socket.ConnectAsync(new UnixDomainSocketEndPoint(daemon.Socket));
        return socket;
    }

    private static async Task SendAsync(Socket socket, string text) => await socket.SendAsync(Encoding.ASCII.GetBytes(text));

    private static async Task AnswersAsync(Socket socket) => Assert.That(await TryAskAsync(socket));

    private static async Task<bool> TryAskAsync(Socket socket)
    {
        try
        {
            await SendAsync(socket, Request);
            return await socket.ReceiveAsync(new byte[4096]) > 0;
        }
        catch (SocketException)
        {
            return false;
        }
    }

    private static async Task<string> ReadToEndAsync(Socket socket)
    {
        using var patience = new CancellationTokenSource(Patience.Limit);
        using var all = new MemoryStream();
        try
        {
            await new NetworkStream(socket).CopyToAsync(all, patience.Token);
        }
        catch (IOException)
        {
            // Reset: the other side did not want to read all that was sent.
        }

        return Encoding.ASCII.GetString(all.ToArray());
    }
}
