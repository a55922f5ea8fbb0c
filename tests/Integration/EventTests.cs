using System.Net;
using System.Net.Sockets;
using System.Text;
using System.Text.Json;
using Kimchi.Isod.Fixtures;
using Kimchi.Isod.Fixtures.Wire;

namespace Kimchi.Isod.Integration.Tests;

/// <summary>The stream of events.</summary>
[Parallelizable(ParallelScope.Self)]
public sealed class EventTests : IsodTest
{
    [Test]
    public async Task Whole_download_is_followed_from_the_snapshot_to_its_end()
    {
        var daemon = await StartAsync();
        var (name, paused) = (NewName(), NewName());
        Nginx.AddFile(name, 16_000_000);
        await daemon.Client.CallAsync("", new { url = Nginx.Url(name), name = paused, start_paused = true });
        using var events = await daemon.Client.OpenEventsAsync();
        Assert.That(events.ContentType, Is.EqualTo("text/event-stream; charset=utf-8"));
        var snapshot = (await events.NextAsync())!;
        Assert.That(snapshot.Name, Is.EqualTo("snapshot"));
        Assert.That(snapshot.Data.GetProperty("downloads").EnumerateArray().Select(d => d.GetProperty("name").GetString()), Is.EqualTo(new[] { paused }));

        await daemon.Client.StartAsync(Nginx.Url("slow/" + name), name);
        var told = await events.ReadUntilAsync(e => e.Text("status") == "completed");

        Assert.That(told.Select(e => e.Name), Is.All.EqualTo("download"));
        Assert.That(told.Select(e => e.Text("name")), Is.All.EqualTo(name));
        Assert.That(told.Select(e => e.Number("downloaded_size")), Is.Ordered);
        Assert.That(told.Count(e => e.Text("status") == "downloading" && e.Number("downloaded_size") > 0), Is.GreaterThanOrEqualTo(2), "progress");
        Assert.That(told[^1].Number("downloaded_size"), Is.EqualTo(16_000_000));
    }

    [Test]
    public async Task Pause_resume_limit_and_cancel_are_told_at_once_and_to_everybody()
    {
        var daemon = await StartAsync();
        var name = NewName();
        Nginx.AddFile(name, 40_000_000);
        using var one = await daemon.Client.OpenEventsAsync();
        using var other = await daemon.Client.OpenEventsAsync();
        await daemon.Client.StartAsync(Nginx.Url("slow/" + name), name);
        await daemon.Client.PauseAsync(name);
        await daemon.Client.LimitAsync(name, 77);
        await daemon.Client.LimitAsync(name, 0);
        await daemon.Client.ResumeAsync(name);
        await daemon.Client.CancelAsync(name);

        foreach (var events in new[] { one, other })
        {
            Assert.That((await events.NextAsync())!.Name, Is.EqualTo("snapshot"));
            var told = await events.ReadUntilAsync(e => e.Text("status") == "cancelled");
            Assert.That(told.Select(e => e.Text("status")), Does.Contain("paused"));
        }
    }

    [Test]
    public async Task Drop_in_the_middle_is_told_with_its_reason_and_then_the_rest()
    {
        var daemon = await StartAsync(("downloads:retry_max_delay", "1s"));
        await using var server = new ImageServer((e, _) => Task.FromResult(e.Request.Number == 1 ? 3_000_000 : int.MaxValue));
        var name = NewName();
        server.Add(name, 8_000_000, seed: 1);
        using var events = await daemon.Client.OpenEventsAsync();
        await events.NextAsync();

        await daemon.Client.StartAsync(server.Url(name), name);
        var told = await events.ReadUntilAsync(e => e.Text("status") == "completed");

        var retrying = told.First(e => e.Text("status") == "retrying");
        Assert.That(retrying.Text("error"), Does.StartWith("KCHVOL0022E: ").And.Contain("3000000 of 8000000"));
        var after = told.SkipWhile(e => e != retrying).First(e => e.Text("status") == "downloading");
        Assert.That(after.Data.GetProperty("error").ValueKind, Is.EqualTo(JsonValueKind.Null));
        Assert.That(told.Select(e => e.Number("downloaded_size")), Is.Ordered);
    }

    [Test]
    public async Task Failure_is_told_with_its_reason()
    {
        var daemon = await StartAsync(("downloads:retries", "0"));
        await using var server = new ImageServer((_, _) => Task.FromResult(3_000_000));
        var name = NewName();
        server.Add(name, 8_000_000, seed: 1);
        using var events = await daemon.Client.OpenEventsAsync();
        await events.NextAsync();

        await daemon.Client.StartAsync(server.Url(name), name);
        var failed = (await events.ReadUntilAsync(e => e.Text("status") == "failed"))[^1];

        Assert.That(failed.Text("error"), Does.StartWith("KCHVOL0022E: ").And.Contain("3000000 of 8000000"));
    }

    [Test]
    public async Task Forgotten_ones_are_told_by_the_ids_that_all_of_the_api_shows()
    {
        var daemon = await StartAsync(("downloads:retries", "0"));
        await using var server = new ImageServer((e, _) => Task.FromResult(e.Request.Number == 1 ? 3_000_000 : int.MaxValue));
        var name = NewName();
        server.Add(name, 8_000_000, seed: 1);
        await daemon.Client.StartAsync(server.Url(name), name);
        await daemon.Client.WaitForAsync(name, s => s.Id == "KCHDL0007E");
        using var events = await daemon.Client.OpenEventsAsync();
        var id = (await events.NextAsync())!.Data.GetProperty("downloads")[0].GetProperty("id").GetInt64();
        Assert.That((await daemon.Client.GetAsync($"{IsodClient.Downloads}/{name}")).Number("id"), Is.EqualTo(id));

        Assert.That((await daemon.Client.SendAsync(HttpMethod.Delete, $"{IsodClient.Downloads}/{name}")).Status, Is.EqualTo(HttpStatusCode.NoContent));
        Libvirtd.Virsh("vol-delete", "--pool", "ISO", name);
        await daemon.Client.StartAsync(server.Url(name), name);

        var told = await events.ReadUntilAsync(e => e.Name == "download" && e.Text("status") == "completed");
        Assert.That(told[0].Name, Is.EqualTo("forgotten"));
        Assert.That(told[0].Data.GetRawText(), Is.EqualTo($$"""{"id":{{id}},"pool":"ISO","name":"{{name}}"}"""));
        Assert.That(told.Skip(1).Select(e => e.Name), Is.All.EqualTo("download"));
        Assert.That(told.Skip(1).Select(e => e.Number("id")), Is.All.GreaterThan(id));
    }

    [Test]
    public async Task Quiet_stream_shows_that_it_lives_and_says_when_the_daemon_stops()
    {
        var daemon = await StartAsync(("server:event_heartbeat", "1s"));
        using var events = await daemon.Client.OpenEventsAsync();
        await events.NextAsync();
        var last = events.NextAsync();
        await Patience.UntilAsync(() => Task.FromResult(events.Comments > 0), () => "no heartbeat came");

        var (exitCode, _) = await daemon.StopAsync();

        Assert.That(exitCode, Is.Zero);
        var end = (await last)!;
        Assert.That((end.Name, end.Text("reason")), Is.EqualTo(("end", "the daemon stops")));
        Assert.That(await events.NextAsync(), Is.Null);
    }

    [Test]
    public async Task Streams_beyond_the_limit_are_refused_until_one_is_closed()
    {
        var daemon = await StartAsync(("server:max_event_streams", "1"));
        using (await daemon.Client.OpenEventsAsync()) AssertError(await daemon.Client.GetAsync("/events"), 429, "KCHAPI0010E");

        await Patience.UntilAsync(async () =>
        {
            try
            {
                using var again = await daemon.Client.OpenEventsAsync();
                return true;
            }
            catch (HttpRequestException e) when (e.StatusCode is HttpStatusCode.TooManyRequests)
            {
                return false;
            }
        }, () => "the place of a closed stream did not become free");
    }

    [Test]
    public async Task Reader_that_stops_reading_holds_up_nobody_and_is_cut_off_with_a_last_word()
    {
        var daemon = await StartAsync(("server:event_patience", "1s"));
        var name = NewName();
        var source = Nginx.AddFile(name, 8_000_000);
        using var slow = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
        await slow.ConnectAsync(new UnixDomainSocketEndPoint(daemon.Socket));
        await slow.SendAsync(Encoding.ASCII.GetBytes("GET /events HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n"));
        await daemon.Client.CallAsync("", new { url = Nginx.Url(name), name, start_paused = true });
        // More than the socket and the daemon's buffer hold: 0.5 KiB each. Once it is cut off, its last word does not wait for long.
        for (var i = 1; i <= 3000 && !daemon.Log.Contains("[304]", StringComparison.Ordinal); i++) await daemon.Client.LimitAsync(name, i);
        await daemon.WaitForLogAsync(@"\[304\]");
        Assert.That(await ReadToEndAsync(slow), Does.Contain("event: end\ndata: {\"reason\":\"nothing was read for 1 s"));

        await daemon.Client.LimitAsync(name, 0);
        await daemon.Client.ResumeAsync(name);
        await daemon.Client.WaitUntilCompletedAsync(name);
        AssertSame(name, source);
    }

    private static async Task<string> ReadToEndAsync(Socket socket)
    {
        using var patience = new CancellationTokenSource(Patience.Limit);
        using var all = new MemoryStream();
        await new NetworkStream(socket).CopyToAsync(all, patience.Token);
        return Encoding.UTF8.GetString(all.ToArray());
    }
}
