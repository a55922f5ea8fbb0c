using Kimchi.Isod.Fixtures;
using Kimchi.Isod.Fixtures.Wire;

namespace Kimchi.Isod.Integration.Tests.Faults;

/// <summary>Connections that break, hang or do not stand.</summary>
public sealed class NetworkFaultTests : FaultTest
{
    [Test]
    public async Task Body_that_ends_early_is_gone_on_with_from_its_last_byte()
    {
        var daemon = await StartQuickAsync();
        await using var server = new WireServer(Dropping(e => e.ServeAsync(Content, Tag)));

        await CompleteAsync(daemon, server, Content);

        await daemon.WaitForLogAsync($"the connection ended at byte {Middle} of {Content.Length}");
        Assert.That(server.Requests.Select(r => r.RangeStart), Is.EqualTo(new long?[] { null, Middle }));
    }

    [Test]
    public async Task Chunked_body_that_ends_early_is_gone_on_with([Values(Middle, Middle + 1000)] int chunk)
    {
        var daemon = await StartQuickAsync();
        await using var server = new WireServer(async e =>
        {
            if (e.Request.Number > 1)
            {
                await e.ServeAsync(Content, Tag);
                return;
            }

            await e.WriteHeadAsync(
                "206 Partial Content", "Transfer-Encoding: chunked", $"Content-Range: bytes 0-{Content.Length - 1}/{Content.Length}", Tag);
            await e.WriteAsync($"{chunk:x}\r\n");
            await e.WriteAsync(Content.AsMemory(0, Middle));
            if (chunk == Middle) await e.WriteAsync("\r\n");
            e.Close();
        });

        await CompleteAsync(daemon, server, Content);

        Assert.That(server.Requests.Select(r => r.RangeStart), Is.EqualTo(new long?[] { null, Middle }));
    }

    [Test]
    public async Task Chunked_body_of_unknown_size_that_ends_early_is_fetched_again()
    {
        var daemon = await StartQuickAsync();
        await using var server = new WireServer(async e =>
        {
            await e.WriteHeadAsync("200 OK", "Transfer-Encoding: chunked");
            await e.WriteAsync($"{Content.Length:x}\r\n");
            await e.WriteAsync(Content.AsMemory(0, e.Request.Number == 1 ? Middle : Content.Length));
            if (e.Request.Number == 1) e.Close();
            else await e.WriteAsync("\r\n0\r\n\r\n");
        });

        await CompleteAsync(daemon, server, Content);

        await daemon.WaitForLogAsync("starting again from the first byte");
    }

    [Test]
    public async Task Reset_in_the_middle_costs_only_what_was_in_the_air()
    {
        var daemon = await StartQuickAsync();
        var isStored = new TaskCompletionSource();
        await using var server = new WireServer(async e =>
        {
            if (e.Request.Number > 1)
            {
                await e.ServeAsync(Content, Tag);
                return;
            }

            await e.ServeUpToAsync(Content, Middle, Tag);
            await isStored.Task.WaitAsync(e.Stopped);
            e.Reset();
        });
        var name = await DownloadToMiddleAsync(daemon, server.Address);

        isStored.SetResult();
        await CompleteAsync(daemon, name, Content);

        Assert.That(server.Requests[1].RangeStart, Is.InRange(Stored, Middle));
    }

    [Test]
    public async Task Server_that_falls_silent_is_left_and_asked_again()
    {
        var daemon = await StartQuickAsync(("downloads:stall_timeout", "1s"));
        await using var server = new WireServer(async e =>
        {
            await e.ServeUpToAsync(Content, e.Request.Number == 1 ? Middle : Content.Length, Tag);
            if (e.Request.Number == 1) await e.StallAsync();
        });

        await CompleteAsync(daemon, server, Content);

        await daemon.WaitForLogAsync($"the transfer stalled at byte {Middle}.*downloads:stall_timeout");
        Assert.That(server.Requests[1].RangeStart, Is.EqualTo(Middle));
    }

    [Test]
    public async Task Server_that_does_not_answer_in_the_middle_is_asked_again()
    {
        var daemon = await StartQuickAsync(("downloads:stall_timeout", "1s"), ("downloads:connect_timeout", "1s"));
        await using var server = new WireServer(Dropping(e => e.Request.Number == 2 ? e.StallAsync() : e.ServeAsync(Content, Tag)));

        await CompleteAsync(daemon, server, Content);

        await daemon.WaitForLogAsync("did not answer within 2 s");
    }

    [Test]
    public async Task Trickle_that_is_slow_but_alive_is_kept()
    {
        var daemon = await StartQuickAsync(("downloads:stall_timeout", "2s"));
        await using var server = new WireServer(async e =>
        {
            await e.ServeUpToAsync(Content, Middle, Tag);
            // Longer than the timeout all in all, much shorter each time.
            for (var at = Middle; at < Middle + 1000; at += 100)
            {
                await Task.Delay(250, e.Stopped);
                await e.WriteAsync(Content.AsMemory(at, 100));
            }

            await e.WriteAsync(Content.AsMemory(Middle + 1000));
        });

        await CompleteAsync(daemon, server, Content);

        Assert.That(server.Requests, Has.Count.EqualTo(1), daemon.Log);
    }

    [Test]
    public async Task Host_that_is_unknown_at_the_start_is_refused()
    {
        var daemon = await StartQuickAsync();

        // RFC 2606: no name ends in .invalid.
        var reply = await daemon.Client.StartAsync("http://mirror.invalid/a.iso");

        AssertError(reply, 400, "KCHVOL0022E");
        Assert.That(reply.Body, Does.Contain("the host 'mirror.invalid' is not found").And.Contain("check the URL and the name server"));
    }

    [Test]
    public async Task Host_that_is_unknown_in_the_middle_is_waited_for()
    {
        using var files = new TemporaryDirectory("dns");
        await File.WriteAllTextAsync(files["hosts"], "127.0.0.1 mirror.invalid\n");
        await File.WriteAllTextAsync(files["resolv.conf"], "nameserver 127.0.0.1\n");
        var daemon = Prepare(Quick());
        daemon.Overlays["/etc/hosts"] = files["hosts"];
        daemon.Overlays["/etc/resolv.conf"] = files["resolv.conf"];
        await daemon.StartAsync();
        await using var server = new WireServer(StallingAtFirst);
        var name = await DownloadToMiddleAsync(daemon, new Uri($"http://mirror.invalid:{server.Port}/"));

        await File.WriteAllTextAsync(files["hosts"], "");
        await server.DisposeAsync();
        await daemon.WaitForLogAsync("the host 'mirror.invalid' is not found");
        await AssertDownloadingAsync(daemon, name);
        await using var again = new WireServer(e => e.ServeAsync(Content, Tag), port: server.Port);
        await File.WriteAllTextAsync(files["hosts"], "127.0.0.1 mirror.invalid\n");

        await CompleteAsync(daemon, name, Content);
        Assert.That(again.Requests[0].RangeStart, Is.GreaterThanOrEqualTo(Stored));
    }

    [Test]
    public async Task Connection_that_is_refused_at_the_start_is_told()
    {
        var daemon = await StartQuickAsync();
        var port = LoopbackPorts.FindFree();

        var reply = await daemon.Client.StartAsync($"http://127.0.0.1:{port}/a.iso");

        AssertError(reply, 400, "KCHVOL0022E");
        Assert.That(reply.Body, Does.Contain($"127.0.0.1:{port} refused the connection"));
    }

    [Test]
    public async Task Connections_that_are_refused_in_the_middle_are_tried_again()
    {
        var daemon = await StartQuickAsync();
        await using var server = new WireServer(StallingAtFirst);
        var name = await DownloadToMiddleAsync(daemon, server.Address);

        await server.DisposeAsync();
        await daemon.WaitForLogAsync("refused the connection");
        await AssertDownloadingAsync(daemon, name);
        await using var again = new WireServer(e => e.ServeAsync(Content, Tag), port: server.Port);

        await CompleteAsync(daemon, name, Content);
        Assert.That(again.Requests[0].RangeStart, Is.GreaterThanOrEqualTo(Stored));
    }

    private static async Task StallingAtFirst(WireExchange exchange)
    {
        await exchange.ServeUpToAsync(Content, Middle, Tag);
        await exchange.StallAsync();
    }
}
