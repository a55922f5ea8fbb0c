using Kimchi.Isod.Core.Downloads;
using Kimchi.Isod.Core.Tests.Fakes;
using Kimchi.Isod.Core.Volumes;
using Kimchi.Isod.Core.Watching;

namespace Kimchi.Isod.Core.Tests;

public sealed class RegistryTests
{
    // Two clients cancel at once; between their two answers a third one starts anew under the same name.
    [Test]
    public async Task Name_that_is_let_go_twice_stays_with_the_download_that_has_it_now()
    {
        var world = new World(200_000);
        await world.StartHeldAsync(100_000);
        var first = world.Registry.Find(new VolumeId("ISO", "a.iso"))!;
        await world.CancelAsync();
        await world.StartHeldAsync(100_000);
        var second = world.Registry.Find(new VolumeId("ISO", "a.iso"))!;

        world.Registry.Remove(first);

        Assert.That(world.Registry.Find(new VolumeId("ISO", "a.iso")), Is.SameAs(second).And.Not.SameAs(first));
    }

    [Test]
    public void Reservation_holds_its_name_until_it_is_disposed()
    {
        var registry = new DownloadRegistry(new DownloadFeed());

        Assert.That(registry.TryReserve(new VolumeId("ISO", "a.iso"), out var reservation));
        Assert.That(registry.TryReserve(new VolumeId("ISO", "a.iso"), out _), Is.False);
        Assert.That(registry.TryReserve(new VolumeId("other", "a.iso"), out _), Is.True);
        Assert.That(registry.TryReserve(new VolumeId("ISO", "a.iso", Host: "other"), out _), Is.True);
        reservation!.Dispose();
        reservation.Dispose();

        Assert.That(registry.TryReserve(new VolumeId("ISO", "a.iso"), out _));
    }

    [TestCase("", "ISO/a.iso")]
    [TestCase("other", "other:ISO/a.iso")]
    public void Volume_is_named_with_its_host_where_that_has_a_name(string host, string text) =>
        Assert.That(new VolumeId("ISO", "a.iso", host).ToString(), Is.EqualTo(text));
}
