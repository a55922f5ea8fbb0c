using Kimchi.Isod.Core.Downloads;
using Kimchi.Isod.Core.Errors;
using Kimchi.Isod.Core.Options;
using Kimchi.Isod.Core.State;
using Kimchi.Isod.Core.Tests.Fakes;
using Kimchi.Isod.Core.Volumes;
using Kimchi.Isod.Core.Watching;

namespace Kimchi.Isod.Core.Tests;

/// <summary>Readers hear of every change, and of none twice.</summary>
public sealed class FeedTests
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    [Test]
    public async Task Every_state_on_the_way_is_told_to_who_keeps_up()
    {
        var world = new World(300_000, new DownloadOptions { WindowSize = 100_000, MinFree = 0, Retries = 3, RetryMaxDelay = TimeSpan.FromMilliseconds(1) });
        using var reader = world.Feed.Open();
        var gate = await world.StartHeldAsync(150_000);
        Assert.That(await NextAsync(reader), Is.EqualTo((DownloadState.Running, RunPhase.Transferring)));
        await world.PauseAsync();
        Assert.That(await NextAsync(reader), Is.EqualTo((DownloadState.Paused, RunPhase.Transferring)));

        gate.Open();
        await world.ResumeAsync();
        await world.WaitForAsync(DownloadState.Completed);

        (DownloadState State, RunPhase Phase) last;
        do last = await NextAsync(reader);
        while (last.State is not DownloadState.Completed);
        Assert.That((await reader.NextAsync(TimeSpan.Zero, CancellationToken.None)).IsEmpty);
    }

    [Test]
    public async Task Slow_reader_hears_of_each_download_once_however_often_it_changed()
    {
        var world = new World(300_000);
        using var reader = world.Feed.Open();
        await world.StartHeldAsync(150_000);
        for (var i = 0; i < 100; i++) await world.LimitAsync(i);

        var changed = (await reader.NextAsync(Patience, CancellationToken.None)).Changed;

        Assert.That(changed, Has.Count.EqualTo(1));
        Assert.That(changed[0].TakeSnapshot().Record.LimitRate, Is.EqualTo(99));
    }

    [Test]
    public async Task Reason_of_a_retry_is_seen_while_it_waits()
    {
        var world = new World(300_000, new DownloadOptions { MinFree = 0, Retries = 1, RetryMaxDelay = TimeSpan.FromHours(1) });
        world.Source.BeforeRead = (_, _) => throw DownloadException.Transient(DownloadErrorKind.RemoteUnreadable, "reset");
        using var reader = world.Feed.Open();
        await world.StartAsync();

        DownloadSnapshot seen;
        do seen = (await reader.NextAsync(Patience, CancellationToken.None)).Changed[0].TakeSnapshot();
        while (seen.Phase is not RunPhase.Retrying);

        Assert.That(seen.Trouble, Is.EqualTo(new DownloadFailure(DownloadErrorKind.RemoteUnreadable, "reset")));
        await world.CancelAsync();
    }

    [Test]
    public async Task Failed_and_ended_ones_that_are_forgotten_are_told_each_by_its_id()
    {
        var world = new World(300_000);
        await world.StartHeldAsync(150_000);
        await world.CancelAsync();
        var canceled = world.Store.FindNewest(new VolumeId("ISO", "a.iso"))!.Id;
        world.Source.BeforeRead = (_, _) => throw new DownloadException(DownloadErrorKind.RemoteUnreadable, "404");
        await world.StartAsync();
        Assert.That(() => world.Registry.Find(new VolumeId("ISO", "a.iso"))!.Record.State, Is.EqualTo(DownloadState.Failed).After(5000, 2));
        var failed = world.Registry.Find(new VolumeId("ISO", "a.iso"))!;
        using var reader = world.Feed.Open();

        await world.Catalog.ForgetAsync(new VolumeId("ISO", "a.iso"), CancellationToken.None);

        var news = await reader.NextAsync(Patience, CancellationToken.None);
        Assert.That(
            news.Forgotten,
            Is.EquivalentTo(new[] { new ForgottenDownload(failed.Record.Id, new VolumeId("ISO", "a.iso")), new ForgottenDownload(canceled, new VolumeId("ISO", "a.iso")) }));
        Assert.That(news.Changed, Is.Empty);
        Assert.That(failed.IsForgotten);
    }

    [Test]
    public async Task Download_that_could_not_be_forgotten_is_not_told()
    {
        var world = new World(300_000);
        world.Source.BeforeRead = (_, _) => throw new DownloadException(DownloadErrorKind.RemoteUnreadable, "404");
        await world.StartAsync();
        Assert.That(() => world.Registry.Find(new VolumeId("ISO", "a.iso"))!.Record.State, Is.EqualTo(DownloadState.Failed).After(5000, 2));
        using var reader = world.Feed.Open();
        world.Store.NextFailure = new IOException("disk full");

        Assert.That(() => world.Catalog.ForgetAsync(new VolumeId("ISO", "a.iso"), CancellationToken.None), Throws.InstanceOf<IOException>());

        Assert.That((await reader.NextAsync(TimeSpan.Zero, CancellationToken.None)).IsEmpty);
    }

    [Test]
    public async Task Who_waits_in_vain_gets_nothing_and_who_has_left_is_not_told()
    {
        var world = new World(300_000);
        var reader = world.Feed.Open();
        Assert.That((await reader.NextAsync(TimeSpan.FromMilliseconds(1), CancellationToken.None)).IsEmpty);

        reader.Dispose();

        await world.StartHeldAsync(150_000);
    }

    // Changes that follow closely may be told as one.
    private static async Task<(DownloadState State, RunPhase Phase)> NextAsync(FeedReader reader)
    {
        var snapshot = (await reader.NextAsync(Patience, CancellationToken.None)).Changed.Single().TakeSnapshot();
        return (snapshot.Record.State, snapshot.Phase);
    }
}
