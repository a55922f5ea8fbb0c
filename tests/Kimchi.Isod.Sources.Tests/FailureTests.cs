using System.Net;
using System.Net.Sockets;
using Kimchi.Isod.Core.Errors;
using Kimchi.Isod.Core.Remote;
using Microsoft.Extensions.Time.Testing;

namespace Kimchi.Isod.Sources.Tests;

public sealed class FailureTests
{
    [TestCase(401, false)]
    [TestCase(403, false)]
    [TestCase(404, false)]
    [TestCase(405, false)]
    [TestCase(408, true)]
    [TestCase(410, false)]
    [TestCase(425, true)]
    [TestCase(429, true)]
    [TestCase(451, false)]
    [TestCase(500, true)]
    [TestCase(502, true)]
    [TestCase(503, true)]
    [TestCase(504, true)]
    [TestCase(505, false)]
    public async Task Status_is_told_and_sorted(int status, bool isTransient)
    {
        await using var http = new Http(e => e.WriteHeadAsync($"{status} Its \u001b[31mwords", "Content-Length: 0", "Content-Type: text/html"));

        var failure = await http.FailAsync(new RemoteRequest(http.Url("a.iso?token=secret"), new Credentials("user", "secret")));

        Assert.That(failure.Kind, Is.EqualTo(DownloadErrorKind.RemoteUnreadable));
        Assert.That(failure.IsTransient, Is.EqualTo(isTransient));
        Assert.That(failure.Message, Does.Contain($"localhost:{http.Server.Address.Port} answered {status} Its [31mwords"));
        Assert.That(failure.Message, Does.Not.Contain("secret"));
        Assert.That(http.Server.Requests, Has.Count.EqualTo(1));
    }

    [Test]
    public async Task Missing_credentials_are_asked_for()
    {
        await using var http = new Http(e => e.WriteHeadAsync("401 Unauthorized", "WWW-Authenticate: Basic realm=x", "Content-Length: 0"));

        Assert.That((await http.FailAsync()).Message, Does.EndWith("answered 401 Unauthorized; give a user name and a password that it accepts"));
    }

    [TestCase("503 x", "120", 120)]
    [TestCase("429 x", "0", 0)]
    [TestCase("503 x", "Tue, 03 Nov 2026 10:01:00 GMT", 60)]
    [TestCase("503 x", "Tue, 03 Nov 2026 09:00:00 GMT", null)]
    [TestCase("503 x", "soon", null)]
    [TestCase("503 x", "-5", null)]
    public async Task Wish_to_be_left_alone_is_read(string status, string wish, int? seconds)
    {
        var time = new FakeTimeProvider(new DateTimeOffset(2026, 11, 3, 10, 0, 0, TimeSpan.Zero));
        await using var http = new Http(e => e.WriteHeadAsync(status, $"Retry-After: {wish}", "Content-Length: 0"), Direct, time);

        var failure = await http.FailAsync();

        Assert.That(failure.RetryAfter, Is.EqualTo(seconds is { } s ? TimeSpan.FromSeconds(s) : (TimeSpan?)null));
    }

    [Test]
    public async Task Wish_that_names_a_date_is_read_by_the_servers_clock_and_not_by_ours()
    {
        var time = new FakeTimeProvider(new DateTimeOffset(2020, 1, 1, 0, 0, 0, TimeSpan.Zero));
        await using var http = new Http(
            e => e.WriteHeadAsync(
                "503 x", "Date: Tue, 03 Nov 2026 10:00:00 GMT", "Retry-After: Tue, 03 Nov 2026 10:01:00 GMT", "Content-Length: 0"),
            Direct, time);

        Assert.That((await http.FailAsync()).RetryAfter, Is.EqualTo(TimeSpan.FromSeconds(60)));
    }

    [Test]
    public async Task Refused_connection_may_pass()
    {
        using var free = new TcpListener(IPAddress.Loopback, 0);
        free.Start();
        var port = ((IPEndPoint)free.LocalEndpoint).Port;
        free.Stop();

        var failure = await FailAsync($"http://127.0.0.1:{port}/a.iso");

        Assert.That(failure.IsTransient, Is.True);
        Assert.That(failure.Message, Does.Contain($"127.0.0.1:{port} refused the connection"));
    }

    [Test]
    public async Task Unknown_host_may_pass()
    {
        // RFC 2606: no name ends in .invalid.
        var failure = await FailAsync("http://kimchi.invalid/a.iso");

        Assert.That(failure.IsTransient, Is.True);
        Assert.That(failure.Message, Does.Contain("the host 'kimchi.invalid' is not found"));
    }

    [Test]
    public async Task Connection_closed_before_a_reply_may_pass()
    {
        await using var http = new Http(e =>
        {
            e.Close();
            return Task.CompletedTask;
        });

        var failure = await http.FailAsync();

        Assert.That(failure.IsTransient, Is.True);
        Assert.That(failure.Message, Does.Contain("closed the connection before a reply"));
    }

    [Test]
    public async Task Connection_reset_before_a_reply_may_pass()
    {
        await using var http = new Http(e =>
        {
            e.Reset();
            return Task.CompletedTask;
        });

        Assert.That((await http.FailAsync()).IsTransient, Is.True);
    }

    [Test]
    public async Task What_is_not_http_is_permanent()
    {
        await using var http = new Http(async e =>
        {
            await e.WriteAsync("220 ftp.example.com ready\r\n\r\n");
            e.Close();
        });

        var failure = await http.FailAsync();

        Assert.That(failure.IsTransient, Is.False);
        Assert.That(failure.Message, Does.Contain("is not HTTP"));
    }

    [Test]
    public async Task Endless_headers_are_cut_off()
    {
        await using var http = new Http(e => e.WriteHeadAsync("200 OK", "X: " + new string('x', 100_000)));

        var failure = await http.FailAsync();

        Assert.That(failure.IsTransient, Is.False);
        Assert.That(failure.Message, Does.Contain("too long"));
    }

    [Test]
    public async Task Server_that_does_not_answer_is_given_up()
    {
        var time = new FakeTimeProvider();
        var asked = new TaskCompletionSource();
        await using var http = new Http(
            e =>
            {
                asked.SetResult();
                return e.StallAsync();
            },
            Direct with { ConnectTimeout = TimeSpan.FromSeconds(30), StallTimeout = TimeSpan.FromSeconds(60) },
            time);
        var failing = http.FailAsync();
        await asked.Task;

        time.Advance(TimeSpan.FromSeconds(90));

        var failure = await failing;
        Assert.That(failure.IsTransient, Is.True);
        Assert.That(failure.Message, Does.Contain("did not answer within 90 s"));
    }

    [Test]
    public async Task Connection_that_never_stands_is_given_up()
    {
        using var deaf = new DeafListener();

        var failure = await FailAsync(deaf.Url, Direct with { ConnectTimeout = TimeSpan.FromMilliseconds(100) });

        Assert.That(failure.IsTransient, Is.True);
        Assert.That(failure.Message, Does.Contain("within 0.1 s (downloads:connect_timeout)"));
    }

    private static NetworkOptions Direct => new() { NoProxy = ["*"] };

    private static async Task<DownloadException> FailAsync(string url, NetworkOptions? options = null)
    {
        using var source = new RemoteSource(options ?? Direct, TimeProvider.System);
        return (await Assert.ThrowsAsync<DownloadException>(
            () => source.OpenAsync(new RemoteRequest(RemoteUrl.Parse(url), null), CancellationToken.None)))!;
    }
}
