using Kimchi.Isod.Core.Errors;
using Kimchi.Isod.Fixtures;

namespace Kimchi.Isod.Sources.Tests;

/// <summary>Bodies that do not end as they should.</summary>
public sealed class BodyTests : SourceTest
{
    [Test]
    public async Task Body_that_is_cut_off_is_a_transient_failure_and_never_an_end([Values] bool isReset)
    {
        await using var server = new ScriptedHttpServer(async e =>
        {
            await e.WriteHeadAsync("200 OK", $"Content-Length: {Content.Length}");
            await e.WriteAsync(Content.AsMemory(0, 50_000));
            if (isReset) e.Reset();
            else e.Close();
        });
        var file = await OpenAsync(server);

        var failure = Refused(() => ReadAllAsync(file));

        Assert.That((failure.Kind, failure.IsTransient), Is.EqualTo((DownloadErrorKind.RemoteUnreadable, true)));
        Assert.That(failure.Message, Does.Match(@"ended at byte \d+ of 100000"));
    }

    [Test]
    public async Task Chunked_body_without_its_last_chunk_is_a_transient_failure()
    {
        await using var server = new ScriptedHttpServer(async e =>
        {
            await e.WriteHeadAsync("200 OK", "Transfer-Encoding: chunked");
            await e.WriteAsync("5\r\nhello\r\n");
            e.Close();
        });
        var file = await OpenAsync(server);

        Assert.That(Refused(() => ReadAllAsync(file)).IsTransient);
    }

    [Test]
    public async Task Chunked_range_that_ends_before_its_total_is_a_transient_failure()
    {
        await using var server = new ScriptedHttpServer(async e =>
        {
            await e.WriteHeadAsync("206 Partial Content", "Transfer-Encoding: chunked", "Content-Range: bytes 0-9/10");
            await e.WriteAsync("5\r\nhello\r\n0\r\n\r\n");
        });
        var file = await OpenAsync(server);

        Assert.That(Refused(() => ReadAllAsync(file)).Message, Does.Contain("ended at byte 5 of 10"));
    }

    [Test]
    public async Task Body_longer_than_promised_is_refused()
    {
        await using var server = new ScriptedHttpServer(async e =>
        {
            await e.WriteHeadAsync("206 Partial Content", "Transfer-Encoding: chunked", "Content-Range: bytes 0-9/10");
            await e.WriteAsync("b\r\nhello world\r\n0\r\n\r\n");
        });
        var file = await OpenAsync(server);

        Assert.That(Refused(() => ReadAllAsync(file)).Message, Does.Contain("more than the 10 bytes"));
    }

    [Test]
    public async Task Silent_server_is_a_transient_failure()
    {
        await using var server = new ScriptedHttpServer(async e =>
        {
            await e.WriteHeadAsync("200 OK", $"Content-Length: {Content.Length}");
            await e.WriteAsync(Content.AsMemory(0, 1000));
            await e.StallAsync();
        });
        var file = await OpenAsync(server, Quick with { StallTimeout = TimeSpan.FromMilliseconds(200) });

        var failure = Refused(() => ReadAllAsync(file));

        Assert.That(failure.IsTransient);
        Assert.That(failure.Message, Does.Contain("stalled at byte 1000").And.Contain("stall_timeout"));
    }

    [Test]
    public async Task Slow_trickle_is_kept_unless_a_rate_is_asked_for([Values(0, 1_000_000)] int rate)
    {
        await using var server = new ScriptedHttpServer(async e =>
        {
            await e.WriteHeadAsync("200 OK", "Content-Length: 20");
            await e.TrickleAsync(Content.AsMemory(0, 20), 1, TimeSpan.FromMilliseconds(50));
        });
        var options = Quick with { StallTimeout = TimeSpan.FromMilliseconds(500), StallRate = rate };
        var file = await OpenAsync(server, options);

        if (rate == 0) Assert.That(await ReadAllAsync(file), Has.Length.EqualTo(20));
        else Assert.That(Refused(() => ReadAllAsync(file)).Message, Does.Contain("stalled"));
    }

    [Test]
    public async Task Server_that_never_answers_is_given_up()
    {
        await using var server = new ScriptedHttpServer(e => e.StallAsync());
        var options = new NetworkOptions { ConnectTimeout = TimeSpan.FromMilliseconds(100), StallTimeout = TimeSpan.FromMilliseconds(100) };

        Assert.That(Refused(() => OpenAsync(server, options)).Message, Does.Contain("did not answer"));
    }

    [Test]
    public async Task Cancel_stops_a_read_at_once()
    {
        await using var server = new ScriptedHttpServer(async e =>
        {
            await e.WriteHeadAsync("200 OK", "Content-Length: 20");
            await e.StallAsync();
        });
        var file = await OpenAsync(server);
        using var cancel = new CancellationTokenSource();
        var read = file.ReadAsync(new byte[10], cancel.Token).AsTask();

        await cancel.CancelAsync();

        Assert.That(async () => await read, Throws.InstanceOf<OperationCanceledException>());
        await file.DisposeAsync();
    }

    [Test]
    public async Task Headers_without_end_are_refused()
    {
        await using var server = new ScriptedHttpServer(async e =>
        {
            await e.WriteAsync("HTTP/1.1 200 OK\r\n");
            for (var i = 0; i < 10_000; i++) await e.WriteAsync($"X-Header-{i}: {new string('x', 1000)}\r\n");
        });

        Assert.That(Refused(() => OpenAsync(server)).Kind, Is.EqualTo(DownloadErrorKind.RemoteUnreadable));
    }
}
