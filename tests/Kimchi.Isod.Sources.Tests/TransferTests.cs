using System.Threading.Channels;
using Kimchi.Isod.Core.Errors;
using Kimchi.Isod.Fixtures.Wire;
using Microsoft.Extensions.Time.Testing;

namespace Kimchi.Isod.Sources.Tests;

public sealed class TransferTests
{
    private static NetworkOptions Direct => new() { NoProxy = ["*"], StallTimeout = TimeSpan.FromSeconds(60), StallRate = 10 };

    [TestCase("Content-Length: 10", "abc")]
    [TestCase("Transfer-Encoding: chunked", "3\r\nabc\r\n")]
    [TestCase("Transfer-Encoding: chunked", "9\r\nabc")]
    public async Task Body_that_ends_early_is_a_passing_failure(string header, string body)
    {
        await using var http = new Http(async e =>
        {
            await e.WriteHeadAsync("200 OK", header);
            await e.WriteAsync(body);
            e.Close();
        });

        var failure = await http.FailAsync();

        Assert.That(failure.IsTransient, Is.True);
        Assert.That(failure.Kind, Is.EqualTo(DownloadErrorKind.RemoteUnreadable));
        Assert.That(failure.Message, Does.Contain("ended at byte 3 of"));
    }

    [Test]
    public async Task Part_shorter_than_its_range_is_a_passing_failure()
    {
        await using var http = new Http(async e =>
        {
            await e.WriteHeadAsync("206 Partial Content", "Content-Range: bytes 0-9/10", "Connection: close");
            await e.WriteAsync("abc");
            e.Close();
        });

        var failure = await http.FailAsync();

        Assert.That(failure.IsTransient, Is.True);
        Assert.That(failure.Message, Does.Contain("ended at byte 3 of 10"));
    }

    [Test]
    public async Task Reset_is_a_passing_failure()
    {
        await using var http = new Http(async e =>
        {
            await e.WriteHeadAsync("200 OK", "Content-Length: 10");
            await e.WriteAsync("abc");
            e.Reset();
        });

        Assert.That((await http.FailAsync()).IsTransient, Is.True);
    }

    [Test]
    public async Task More_bytes_than_promised_are_refused()
    {
        await using var http = new Http(async e =>
        {
            await e.WriteHeadAsync("206 Partial Content", "Content-Range: bytes 0-2/3", "Transfer-Encoding: chunked");
            await e.WriteAsync("4\r\nabcd\r\n0\r\n\r\n");
        });

        var failure = await http.FailAsync();

        Assert.That(failure.IsTransient, Is.False);
        Assert.That(failure.Message, Does.Contain("more than the 3 bytes"));
    }

    [Test]
    public async Task Silence_is_a_stall()
    {
        var time = new FakeTimeProvider();
        await using var http = new Http(SendThenStall, Direct, time);
        await using var file = await http.OpenAsync();
        var buffer = new byte[100];
        Assert.That(await file.ReadAsync(buffer, CancellationToken.None), Is.EqualTo(3));

        var reading = file.ReadAsync(buffer, CancellationToken.None).AsTask();
        Assert.That(reading.IsCompleted, Is.False);
        time.Advance(TimeSpan.FromSeconds(60));

        var failure = (await Assert.ThrowsAsync<DownloadException>(() => reading))!;
        Assert.That(failure.IsTransient, Is.True);
        Assert.That(failure.Message, Does.Contain("stalled at byte 3").And.Contain("in 60 s"));
    }

    [Test]
    public async Task Time_between_reads_is_not_a_stall()
    {
        var time = new FakeTimeProvider();
        var go = Channel.CreateUnbounded<int>();
        await using var http = new Http(e => SendOnDemand(e, go, 2, 1), Direct, time);
        await using var file = await http.OpenAsync();
        var buffer = new byte[100];

        go.Writer.TryWrite(0);
        await file.ReadAsync(buffer, CancellationToken.None);
        time.Advance(TimeSpan.FromDays(1));
        go.Writer.TryWrite(0);

        Assert.That(await file.ReadAsync(buffer, CancellationToken.None), Is.EqualTo(1));
    }

    [TestCase(400, true)]
    [TestCase(100, false)]
    public async Task Trickle_is_kept_while_it_is_fast_enough(int bytesEach30Seconds, bool isKept)
    {
        var time = new FakeTimeProvider();
        var go = Channel.CreateUnbounded<int>();
        await using var http = new Http(e => SendOnDemand(e, go, 8, bytesEach30Seconds), Direct, time);
        await using var file = await http.OpenAsync();
        var buffer = new byte[1000];

        DownloadException? failure = null;
        for (var i = 0; i < 8 && failure is null; i++)
        {
            var reading = file.ReadAsync(buffer, CancellationToken.None).AsTask();
            time.Advance(TimeSpan.FromSeconds(30));
            go.Writer.TryWrite(0);
            try
            {
                await reading;
            }
            catch (DownloadException e)
            {
                failure = e;
            }
        }

        Assert.That(failure is null, Is.EqualTo(isKept));
        if (failure is not null) Assert.That(failure.Message, Does.Contain("200 bytes in 60 s"));
    }

    [Test]
    public async Task Each_read_may_have_its_own_token()
    {
        await using var http = new Http(SendThenStall, Direct);
        await using var file = await http.OpenAsync();
        using var first = new CancellationTokenSource();
        using var second = new CancellationTokenSource();
        await file.ReadAsync(new byte[3], first.Token);
        await first.CancelAsync();

        var reading = file.ReadAsync(new byte[3], second.Token).AsTask();
        Assert.That(reading.IsCompleted, Is.False);
        await second.CancelAsync();

        var stopped = await Assert.ThrowsAsync<OperationCanceledException>(() => reading);
        Assert.That(stopped!.CancellationToken, Is.EqualTo(second.Token));
    }

    private static async Task SendThenStall(WireExchange exchange)
    {
        await exchange.WriteHeadAsync("200 OK", "Content-Length: 10");
        await exchange.WriteAsync("abc");
        await exchange.StallAsync();
    }

    private static async Task SendOnDemand(WireExchange exchange, Channel<int> go, int times, int bytes)
    {
        await exchange.WriteHeadAsync("200 OK", $"Content-Length: {times * bytes}");
        for (var i = 0; i < times; i++)
        {
            await go.Reader.ReadAsync(exchange.Stopped);
            await exchange.WriteAsync(new byte[bytes]);
        }
    }
}
