using System.Text.Json;
using Kimchi.Isoctl.Api;
using Kimchi.Isoctl.Display;
using Kimchi.Isod.Contracts;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Time.Testing;

namespace Kimchi.Isoctl.Tests;

/// <summary>Downloads followed over streams that end.</summary>
[FixtureLifeCycle(LifeCycle.InstancePerTestCase)]
public sealed class FollowerTests
{
    private readonly List<string> _shown = [];

    [Test]
    public async Task Download_is_followed_to_its_end()
    {
        await using var daemon = await FakeDaemon.StartAsync(context => StreamAsync(context, [Samples.Running], Samples.Retrying, Samples.Completed));

        var ended = await FollowAsync(daemon, TimeProvider.System, "debian.iso");

        Assert.That(ended.Single().Status, Is.EqualTo(DownloadStatus.Completed));
        Assert.That(_shown, Is.EqualTo(new[] { "downloading", "retrying", "completed" }));
    }

    [Test]
    public async Task Others_downloads_and_pools_are_not_shown()
    {
        await using var daemon = await FakeDaemon.StartAsync(context => StreamAsync(
            context, [Samples.Running with { Name = "other.iso" }, Samples.Running], Samples.Retrying with { Pool = "other" }, Samples.Completed));

        await FollowAsync(daemon, TimeProvider.System, "debian.iso");

        Assert.That(_shown, Is.EqualTo(new[] { "downloading", "completed" }));
    }

    [Test]
    public async Task Download_that_was_over_before_anybody_listened_is_asked_for()
    {
        await using var daemon = await FakeDaemon.StartAsync(context => context.Request.Path == "/events"
            ? StreamAsync(context, []) : AnswerAsync(context, Samples.Completed));

        await FollowAsync(daemon, TimeProvider.System, "debian.iso");

        Assert.That(_shown, Is.EqualTo(new[] { "completed" }));
        Assert.That(daemon.Requests, Does.Contain("GET /storagepools/ISO/storagevolumes/download/debian.iso"));
    }

    [Test]
    public async Task Stream_that_ends_is_opened_again_and_what_happened_meanwhile_is_seen()
    {
        var time = new FakeTimeProvider();
        var streams = 0;
        await using var daemon = await FakeDaemon.StartAsync(context => context.Request.Path != "/events"
            ? AnswerAsync(context, Samples.Completed)
            : Interlocked.Increment(ref streams) == 1 ? StreamAsync(context, [Samples.Running]) : StreamAsync(context, []));

        var following = FollowAsync(daemon, time, "debian.iso");
        while (!following.IsCompleted)
        {
            time.Advance(TimeSpan.FromMilliseconds(250));
            await Task.WhenAny(following, Task.Run(() => { }));
        }

        await following;
        Assert.That(_shown, Is.EqualTo(new[] { "downloading", "the daemon is away; waiting for it", "completed" }));
    }

    [Test]
    public async Task Daemon_that_stays_away_ends_the_waiting()
    {
        var time = new FakeTimeProvider();
        var daemon = await FakeDaemon.StartAsync(context => StreamAsync(context, [Samples.Running]));
        var following = FollowAsync(daemon, time, "debian.iso");
        await Kimchi.Isod.Fixtures.Patience.UntilAsync(() => Task.FromResult(_shown.Count >= 1), () => "nothing was shown");
        await daemon.DisposeAsync();
        while (!following.IsCompleted)
        {
            time.Advance(TimeSpan.FromSeconds(1));
            await Task.WhenAny(following, Task.Run(() => { }));
        }

        Assert.That(async () => await following, Throws.TypeOf<IsoctlException>().With.Property("ExitCode").EqualTo(ExitCode.OutOfReach));
    }

    [Test]
    public async Task Failed_one_that_is_forgotten_is_shown_no_more_and_another_of_its_name_is()
    {
        var failed = Samples.Running with { Id = 3, Status = DownloadStatus.Failed };
        await using var daemon = await FakeDaemon.StartAsync(context => SendAsync(
            context, [failed], Forgotten(2), Forgotten(3), Event("download", Samples.Running), Event("download", Samples.Completed)));
        using var enough = new CancellationTokenSource();
        var following = FollowAsync(daemon, new FakeTimeProvider(), enough.Token);
        await Kimchi.Isod.Fixtures.Patience.UntilAsync(() => Task.FromResult(_shown.Contains("completed")), () => string.Join(", ", _shown));
        await enough.CancelAsync();

        Assert.That(async () => await following, Throws.InstanceOf<OperationCanceledException>());
        Assert.That(_shown.Take(4), Is.EqualTo(new[] { "failed", "forgotten 3", "downloading", "completed" }));
    }

    [Test]
    public async Task Download_that_ended_and_was_forgotten_while_nobody_listened_ends_the_waiting_and_counts_as_no_success()
    {
        var time = new FakeTimeProvider();
        var streams = 0;
        await using var daemon = await FakeDaemon.StartAsync(context => context.Request.Path != "/events"
            ? RefuseAsync(context)
            : Interlocked.Increment(ref streams) == 1 ? StreamAsync(context, [Samples.Running]) : StreamAsync(context, []));

        var following = FollowAsync(daemon, time, "debian.iso");
        while (!following.IsCompleted)
        {
            time.Advance(TimeSpan.FromMilliseconds(250));
            await Task.WhenAny(following, Task.Run(() => { }));
        }

        Assert.That((await following).Single().Status, Is.Not.EqualTo(DownloadStatus.Completed));
        Assert.That(_shown, Is.EqualTo(new[] { "downloading", "the daemon is away; waiting for it", "forgotten 7" }));
    }

    private Task<IReadOnlyCollection<Download>> FollowAsync(FakeDaemon daemon, TimeProvider time, CancellationToken cancellationToken) =>
        new DownloadFollower(new IsodClient(daemon.Socket), "ISO", new Recorder(_shown), time).FollowAsync([], cancellationToken);

    private static string Forgotten(long id) =>
        $"event: forgotten\ndata: {JsonSerializer.Serialize(new ForgottenDownload(id, "ISO", "debian.iso"), ApiJson.Wire.ForgottenDownload)}\n\n";

    private static string Event(string name, Download download) =>
        $"event: {name}\ndata: {JsonSerializer.Serialize(download, ApiJson.Wire.Download)}\n\n";

    private static Task RefuseAsync(HttpContext context)
    {
        context.Response.StatusCode = 400;
        return context.Response.WriteAsJsonAsync(
            new ErrorReply("400 Bad Request", "KCHDL0002E: none"), ApiJson.Wire.ErrorReply, contentType: null, context.RequestAborted);
    }

    private Task<IReadOnlyCollection<Download>> FollowAsync(FakeDaemon daemon, TimeProvider time, params string[] names) =>
        new DownloadFollower(new IsodClient(daemon.Socket), "ISO", new Recorder(_shown), time).FollowAsync(names, CancellationToken.None);

    private static Task AnswerAsync(HttpContext context, Download download) =>
        context.Response.WriteAsync(JsonSerializer.Serialize(download, ApiJson.Wire.Download), context.RequestAborted);

    private static Task StreamAsync(HttpContext context, Download[] snapshot, params Download[] changes) =>
        SendAsync(context, snapshot, [.. changes.Select(change => Event("download", change))]);

    private static async Task SendAsync(HttpContext context, Download[] snapshot, params string[] events)
    {
        context.Response.ContentType = "text/event-stream";
        var list = JsonSerializer.Serialize(new DownloadList(snapshot), ApiJson.Wire.DownloadList);
        await context.Response.WriteAsync($": hello\n\nevent: snapshot\ndata: {list}\n\n", context.RequestAborted);
        foreach (var told in events) await context.Response.WriteAsync(told, context.RequestAborted);
        await context.Response.WriteAsync("event: end\ndata: {\"reason\":\"the daemon stops\"}\n\n", context.RequestAborted);
    }

    private sealed class Recorder(List<string> shown) : IProgressView
    {
        public void Show(Download download) => shown.Add(download.Status);

        public void Forget(Download download) => shown.Add($"forgotten {download.Id}");

        public void Say(string text)
        {
            if (!shown.Contains(text)) shown.Add(text);
        }

        public ValueTask DisposeAsync() => ValueTask.CompletedTask;
    }
}
