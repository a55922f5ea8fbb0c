using Kimchi.Isod.Core.History;
using Kimchi.Isod.Core.State;
using Kimchi.Isod.Core.Volumes;

namespace Kimchi.Isod.Storage.Tests;

/// <summary>The trusted clock in the state store.</summary>
public sealed class ClockStoreTests : StateTest
{
    private static readonly DateTimeOffset Now = new(2026, 11, 24, 12, 0, 0, TimeSpan.Zero);

    [Test]
    public void New_store_has_none()
    {
        using var store = Open();

        Assert.That(store.LoadClock(), Is.Null);
    }

    [Test]
    public void Clock_comes_back_as_it_was([Values] bool isDoubted)
    {
        var believed = new ClockReading("boot", TimeSpan.FromSeconds(1.5), Now);
        var clock = isDoubted ? new TrustedClock(believed, believed with { Time = Now.AddDays(60) }, Now.AddDays(59)) : new TrustedClock(believed);
        using (var store = Open())
        {
            store.SaveClock(new TrustedClock(believed, believed, Now));
            store.SaveClock(clock);
        }

        using var again = Open();
        Assert.That(again.LoadClock(), Is.EqualTo(clock));
    }

    [Test]
    public void Clock_of_an_older_store_is_that_of_its_newest_record()
    {
        Store.MakeVersion1();
        Store.Execute("""
            INSERT INTO downloads VALUES (7, 'ISO', 'a.iso', 'Completed', 'https://host/a.iso', NULL, NULL, NULL, NULL,
                1000, 1, 'Full', 1000, 0, 1, 0, NULL, NULL, 1764000000000, 1764000001000, 1764000002000);
            INSERT INTO downloads VALUES (8, 'ISO', 'b.iso', 'Paused', 'https://host/b.iso', NULL, NULL, NULL, NULL,
                1000, 1, 'Full', 1000, 0, 1, 0, NULL, NULL, 1764000001000, NULL, NULL);
            """);

        using var store = Open();

        Assert.That(store.LoadClock()!.Believed.Time, Is.EqualTo(DateTimeOffset.FromUnixTimeMilliseconds(1_764_000_002_000)));
    }

    [Test]
    public void Older_store_without_a_record_has_none()
    {
        Store.MakeVersion1();

        using var store = Open();

        Assert.That(store.LoadClock(), Is.Null);
    }

    [Test]
    public void Forgotten_ones_are_told_and_live_ones_stay()
    {
        using var store = Open();
        var ended = store.Add(Sample());
        store.Update(ended with { State = DownloadState.Completed, FinishedAt = Now });
        store.Add(Sample());

        Assert.That(store.RemoveEnded(new VolumeId("ISO", "a.iso")), Is.EqualTo(new[] { new ForgottenDownload(ended.Id, new VolumeId("ISO", "a.iso")) }));
        Assert.That(store.RemoveEnded(new VolumeId("ISO", "a.iso")), Is.Empty);
        Assert.That(store.LoadLive(), Has.Count.EqualTo(1));
    }
}
