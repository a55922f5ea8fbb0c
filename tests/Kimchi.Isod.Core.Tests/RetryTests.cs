using Kimchi.Isod.Core.Errors;
using Kimchi.Isod.Core.Options;
using Kimchi.Isod.Core.Running;
using Kimchi.Isod.Core.State;
using Kimchi.Isod.Core.Tests.Fakes;

namespace Kimchi.Isod.Core.Tests;

public sealed class RetryTests
{
    private static readonly DownloadException Reset = DownloadException.Transient(DownloadErrorKind.RemoteUnreadable, "reset");
    private static readonly DownloadException LibvirtDown = DownloadException.Transient(DownloadErrorKind.LibvirtUnreachable, "down");

    [Test]
    public void Delays_grow_up_to_the_longest_and_begin_anew_after_progress()
    {
        var schedule = new RetrySchedule(new DownloadOptions { Retries = 20, RetryMaxDelay = TimeSpan.FromSeconds(30) }, start: 0);

        var delays = Enumerable.Range(0, 10).Select(_ => schedule.NextDelay(Reset, 0)!.Value.TotalSeconds).ToList();

        Assert.That(delays[0], Is.InRange(0.5, 1));
        Assert.That(delays[3], Is.InRange(4, 8));
        Assert.That(delays[9], Is.EqualTo(30));
        Assert.That(schedule.NextDelay(Reset, 1)!.Value.TotalSeconds, Is.InRange(0.5, 1));
    }

    [Test]
    public void Tries_without_progress_are_counted_and_the_servers_wish_is_heard()
    {
        var schedule = new RetrySchedule(new DownloadOptions { Retries = 2 }, start: 0);
        var busy = DownloadException.Transient(DownloadErrorKind.RemoteUnreadable, "503", retryAfter: TimeSpan.FromSeconds(60));

        Assert.That(schedule.NextDelay(busy, 0), Is.EqualTo(TimeSpan.FromSeconds(60)));
        Assert.That(schedule.NextDelay(busy, 0), Is.Not.Null);
        Assert.That(schedule.NextDelay(busy, 0), Is.Null);
    }

    [Test]
    public void Wish_of_the_server_is_heard_up_to_the_longest_delay()
    {
        var schedule = new RetrySchedule(new DownloadOptions { RetryMaxDelay = TimeSpan.FromSeconds(5) }, start: 0);
        var busy = DownloadException.Transient(DownloadErrorKind.RemoteUnreadable, "503", retryAfter: TimeSpan.FromDays(365));

        Assert.That(schedule.NextDelay(busy, 0), Is.EqualTo(TimeSpan.FromSeconds(5)));
    }

    [Test]
    public void Every_byte_beyond_the_furthest_is_progress()
    {
        var schedule = new RetrySchedule(new DownloadOptions { Retries = 1 }, start: 100);

        Assert.That(Enumerable.Range(101, 50).Select(at => schedule.NextDelay(Reset, at)), Has.None.Null);
        Assert.That(schedule.NextDelay(Reset, 150), Is.Null);
    }

    [Test]
    public void Bytes_that_are_fetched_again_are_no_progress()
    {
        var schedule = new RetrySchedule(new DownloadOptions { Retries = 2 }, start: 100);

        Assert.That(schedule.NextDelay(Reset, 90), Is.Not.Null);
        Assert.That(schedule.NextDelay(Reset, 95), Is.Not.Null);
        Assert.That(schedule.NextDelay(Reset, 100), Is.Null);
    }

    [TestCase(DownloadErrorKind.LibvirtUnreachable)]
    [TestCase(DownloadErrorKind.LibvirtBusy)]
    public void Libvirt_is_waited_for_without_end_and_never_long(DownloadErrorKind kind)
    {
        var outage = DownloadException.Transient(kind, "down or busy");
        var schedule = new RetrySchedule(new DownloadOptions { Retries = 1 }, start: 0);

        var delays = Enumerable.Range(0, 1000).Select(_ => schedule.NextDelay(outage, 0)!.Value.TotalSeconds).ToList();

        Assert.That(delays[0], Is.InRange(0.5, 1));
        Assert.That(delays, Has.All.LessThanOrEqualTo(10));
        Assert.That(schedule.NextDelay(Reset, 0)!.Value.TotalSeconds, Is.InRange(0.5, 1), "it uses up none of the tries");
        Assert.That(schedule.NextDelay(Reset, 0), Is.Null);
    }

    [Test]
    public async Task Download_without_any_retries_outlives_libvirt()
    {
        var world = new World(500_000);
        var gate = await world.StartHeldAsync(300_000);
        world.Pools["a.iso"].NextWriteFailure = LibvirtDown;

        gate.Open();
        var record = await world.WaitForAsync(DownloadState.Completed);

        Assert.That(record.Attempts, Is.EqualTo(2));
        Assert.That(world.Pools["a.iso"].Bytes, Is.EqualTo(world.Content));
    }

    [Test]
    public async Task Server_that_cannot_continue_and_always_drops_at_one_place_is_given_up()
    {
        var world = new World(500_000, new DownloadOptions { WindowSize = 100_000, PacketSize = 7_000, MinFree = 0, Retries = 1 });
        world.Source.IsResumable = false;
        world.Source.BeforeRead = (at, _) => at >= 300_000 ? throw Reset : Task.CompletedTask;

        await world.StartAsync();
        var record = await world.WaitForAsync(DownloadState.Failed);

        Assert.That(record.Failure!.Reason, Is.EqualTo("reset"));
        Assert.That(world.Source.OpenedAt, Has.Count.EqualTo(2), "the second try got no further than the first");
    }
}
