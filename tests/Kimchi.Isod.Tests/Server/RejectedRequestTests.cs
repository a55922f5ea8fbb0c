using System.Text.Json;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;

namespace Kimchi.Isod.Tests.Server;

/// <summary>What Kestrel refuses by itself has the body of every other error.</summary>
public sealed class RejectedRequestTests
{
    private const string Good = "GET /good HTTP/1.1\r\nHost: x\r\n\r\n";

    private static IEnumerable<TestCaseData> Unreadable =>
    [
        new("GET /%00 HTTP/1.1\r\nHost: x\r\n\r\n", "400 Bad Request"),
        new("GET /good HTTP/1.1\r\n\r\n", "400 Bad Request"),
        new("GET /good HTTP/1.1\r\nHost: x\r\nHost: y\r\n\r\n", "400 Bad Request"),
        new("GET /good HTTP/1.1\r\nHost: x\r\nno header\r\n\r\n", "400 Bad Request"),
        new("GET good HTTP/1.1\r\nHost: x\r\n\r\n", "405 Method Not Allowed"),
        new("\u0016\u0003\u0001 TLS\r\n\r\n", "400 Bad Request"),
        new($"GET /{new string('n', 14_000)} HTTP/1.1\r\nHost: x\r\n\r\n", "414 URI Too Long"),
        new($"GET /good HTTP/1.1\r\nHost: x\r\nX: {new string('y', 40_000)}\r\n\r\n", "431 Request Header Fields Too Large"),
        new("GET /good HTTP/9.9\r\nHost: x\r\n\r\n", "505 HTTP Version Not Supported"),
    ];

    [TestCaseSource(nameof(Unreadable))]
    public async Task Request_that_cannot_be_read_is_refused_with_an_error_object(string request, string code)
    {
        await using var server = await StartAsync();

        AssertRefusal(await server.ExchangeAsync(request), code);
    }

    [TestCaseSource(nameof(Unreadable))]
    public async Task Request_that_cannot_be_read_after_one_that_can_leaves_the_first_reply_whole(string request, string code)
    {
        await using var server = await StartAsync();

        var replies = await server.ExchangeAsync(Good + request);

        Assert.That(replies, Does.StartWith("HTTP/1.1 200 OK\r\n"));
        AssertRefusal(replies[replies.IndexOf("HTTP/1.1 ", 1, StringComparison.Ordinal)..], code);
    }

    [Test]
    public async Task Refusal_of_a_head_has_no_body()
    {
        await using var server = await StartAsync();

        var reply = await server.ExchangeAsync("HEAD /good HTTP/1.1\r\n\r\n");

        Assert.That(reply, Does.StartWith("HTTP/1.1 400 Bad Request\r\n").And.EndWith("\r\n\r\n"));
    }

    private static Task<SocketServer> StartAsync() =>
        SocketServer.StartAsync(app => app.MapGet("/good", context => context.Response.WriteAsync("good", context.RequestAborted)));

    private static void AssertRefusal(string reply, string code)
    {
        var (head, body) = (reply.Split("\r\n\r\n")[0], reply.Split("\r\n\r\n")[1]);
        Assert.That(head, Does.StartWith($"HTTP/1.1 {code}\r\n").And.Contains("Content-Type: application/json; charset=utf-8"));
        Assert.That(head, Does.Contain("Connection: close").And.Contains($"Content-Length: {body.Length}"));
        var error = JsonElement.Parse(body);
        Assert.That(error.GetProperty("code").GetString(), Is.EqualTo(code));
        Assert.That(error.GetProperty("reason").GetString(), Does.StartWith("KCHAPI0011E: the request cannot be read: ").And.Length.GreaterThan(50));
    }
}
