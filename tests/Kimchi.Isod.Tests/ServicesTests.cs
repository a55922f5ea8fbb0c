using Kimchi.Isod.Core.Errors;
using Kimchi.Isod.Core.History;
using Kimchi.Isod.Core.State;
using Kimchi.Isod.Core.Volumes;
using Kimchi.Isod.Core.Watching;
using Kimchi.Isod.Fixtures;
using Kimchi.Isod.Storage.Libvirt;
using Kimchi.Isod.Storage.State;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Time.Testing;
using Moq;

namespace Kimchi.Isod.Tests;

public sealed class ServicesTests
{
    [Test]
    public async Task Every_allowed_pool_is_opened_at_start_also_when_one_of_them_fails()
    {
        var pools = new Mock<IVolumePools>();
        pools.Setup(p => p.CheckPoolAsync("gone", It.IsAny<CancellationToken>()))
            .ThrowsAsync(new DownloadException(DownloadErrorKind.PoolNotFound, "no such pool"));
        using var opener = new PoolOpener(
            pools.Object, new AllowedPools(["gone", "ISO"]), NullLogger<PoolOpener>.Instance);

        await opener.StartAsync(CancellationToken.None);
        await opener.ExecuteTask!;

        pools.Verify(p => p.CheckPoolAsync("ISO", It.IsAny<CancellationToken>()), Times.Once);
    }

    [Test]
    public async Task History_is_dropped_at_start_and_once_a_day()
    {
        var time = new FakeTimeProvider(new DateTimeOffset(2026, 11, 24, 0, 0, 0, TimeSpan.Zero));
        var begun = time.GetTimestamp();
        var store = NewStore();
        using var cleaner = NewCleaner(store, time, () => new ClockReading("boot", time.GetElapsedTime(begun), time.GetUtcNow()));

        await cleaner.StartAsync(CancellationToken.None);
        VerifyDropped(store, new DateTimeOffset(2026, 10, 25, 0, 0, 0, TimeSpan.Zero));
        time.Advance(TimeSpan.FromDays(1));
        VerifyDropped(store, new DateTimeOffset(2026, 10, 26, 0, 0, 0, TimeSpan.Zero));
        await cleaner.StopAsync(CancellationToken.None);
    }

    [Test]
    public async Task Clock_that_is_ahead_for_a_moment_drops_no_history()
    {
        var time = new FakeTimeProvider(new DateTimeOffset(2026, 11, 24, 0, 0, 0, TimeSpan.Zero));
        var (begun, ahead) = (time.GetTimestamp(), TimeSpan.FromDays(400));
        var store = NewStore();
        store.As<ITrustedClockStore>().Object.SaveClock(new TrustedClock(new ClockReading("boot", TimeSpan.Zero, time.GetUtcNow())));
        using var cleaner = NewCleaner(store, time, () => new ClockReading("boot", time.GetElapsedTime(begun), time.GetUtcNow() + ahead));

        await cleaner.StartAsync(CancellationToken.None);
        VerifyDropped(store, new DateTimeOffset(2026, 10, 25, 0, 0, 0, TimeSpan.Zero));
        ahead = TimeSpan.Zero;
        time.Advance(TimeSpan.FromDays(1));
        VerifyDropped(store, new DateTimeOffset(2026, 10, 26, 0, 0, 0, TimeSpan.Zero));
        await cleaner.StopAsync(CancellationToken.None);

        store.Verify(s => s.DropHistory(It.IsAny<DateTimeOffset>()), Times.Exactly(2));
    }

    [Test]
    public async Task History_that_is_dropped_is_told()
    {
        var time = new FakeTimeProvider(new DateTimeOffset(2026, 11, 24, 0, 0, 0, TimeSpan.Zero));
        var store = NewStore(new ForgottenDownload(5, new VolumeId("ISO", "a.iso")));
        var feed = new DownloadFeed();
        using var reader = feed.Open();
        using var cleaner = NewCleaner(store, time, () => new ClockReading("boot", TimeSpan.Zero, time.GetUtcNow()), feed);

        await cleaner.StartAsync(CancellationToken.None);
        var news = await reader.NextAsync(Patience.Limit, CancellationToken.None);
        await cleaner.StopAsync(CancellationToken.None);

        Assert.That(news.Forgotten, Is.EqualTo(new[] { new ForgottenDownload(5, new VolumeId("ISO", "a.iso")) }));
    }

    private static Mock<IDownloadStore> NewStore(params ForgottenDownload[] dropped)
    {
        var store = new Mock<IDownloadStore>();
        TrustedClock? kept = null;
        store.Setup(s => s.DropHistory(It.IsAny<DateTimeOffset>())).Returns(dropped);
        store.As<ITrustedClockStore>().Setup(s => s.LoadClock()).Returns(() => kept);
        store.As<ITrustedClockStore>().Setup(s => s.SaveClock(It.IsAny<TrustedClock>())).Callback<TrustedClock>(clock => kept = clock);
        return store;
    }

    private static HistoryCleaner NewCleaner(Mock<IDownloadStore> store, TimeProvider time, Func<ClockReading> clocks, DownloadFeed? feed = null) => new(
        store.Object, store.As<ITrustedClockStore>().Object, clocks, feed ?? new DownloadFeed(), new StateOptions { HistoryDays = 30 }, time,
        NullLogger<HistoryCleaner>.Instance);

    // The cleaner works on the thread pool: what it did is seen in a moment.
    private static void VerifyDropped(Mock<IDownloadStore> store, DateTimeOffset before) =>
        Assert.That(() => store.Verify(s => s.DropHistory(before), Times.Once), Throws.Nothing.After(5000, 5));
}
