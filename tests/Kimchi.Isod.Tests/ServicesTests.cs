using Kimchi.Isod.Core.Errors;
using Kimchi.Isod.Core.State;
using Kimchi.Isod.Core.Volumes;
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
        var store = new Mock<IDownloadStore>();
        using var cleaner = new HistoryCleaner(store.Object, new StateOptions { HistoryDays = 30 }, time, NullLogger<HistoryCleaner>.Instance);

        await cleaner.StartAsync(CancellationToken.None);
        VerifyDropped(store, new DateTimeOffset(2026, 10, 25, 0, 0, 0, TimeSpan.Zero));
        time.Advance(TimeSpan.FromDays(1));
        VerifyDropped(store, new DateTimeOffset(2026, 10, 26, 0, 0, 0, TimeSpan.Zero));
        await cleaner.StopAsync(CancellationToken.None);
    }

    // The cleaner works on the thread pool: what it did is seen in a moment.
    private static void VerifyDropped(Mock<IDownloadStore> store, DateTimeOffset before) =>
        Assert.That(() => store.Verify(s => s.DropHistory(before), Times.Once), Throws.Nothing.After(5000, 5));
}
