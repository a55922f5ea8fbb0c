using Kimchi.Isod.Core.Errors;
using Kimchi.Isod.Core.Remote;
using Kimchi.Isod.Core.State;
using Kimchi.Isod.Core.Volumes;
using Kimchi.Isod.Fixtures;

namespace Kimchi.Isod.Storage.Tests;

/// <summary>A store that is missing, older, newer, or fails while it is used.</summary>
public sealed class StateOpeningTests : StateTest
{
    [Test]
    public void Missing_store_is_made_and_that_is_logged()
    {
        using (var store = Open()) store.Add(Sample());

        Assert.That(Log.Events.Select(e => e.Id), Is.EqualTo(new[] { Missing }));
        Assert.That(Log.Events[0].Message, Does.Contain(Store.Path));
        Assert.That(Store.KeptAside, Is.Empty);
    }

    [Test]
    public void Empty_file_becomes_a_store()
    {
        File.WriteAllBytes(Store.Path, []);

        using (var store = Open()) store.Add(Sample());

        Assert.That(Store.KeptAside, Is.Empty);
        using var again = Open();
        Assert.That(again.LoadLive(), Has.Count.EqualTo(1));
    }

    [Test]
    public void Store_of_version_1_keeps_all_it_has_and_takes_what_is_new()
    {
        Store.MakeVersion1();
        Store.Execute("""
            INSERT INTO downloads VALUES (7, 'ISO', 'a.iso', 'Paused', 'https://host/a.iso?token=s3cret', 'user', 'pass', '"v1"', 1000,
                5000000000, 1, 'Sparse', 66536, 0, 3, 1, NULL, NULL, 1764000000000, 1764000001000, NULL);
            INSERT INTO downloads VALUES (8, 'ISO', 'b.iso', 'Completed', 'https://host/b.iso', NULL, NULL, NULL, NULL,
                1000, 1, 'Full', 1000, 0, 1, 0, NULL, NULL, 1764000000000, 1764000001000, 1764000002000);
            INSERT INTO heads VALUES (7, zeroblob(65536));
            INSERT INTO windows VALUES (7, 65536, 1000, -1);
            """);

        using var store = Open();

        var record = store.LoadLive().Single();
        Assert.That(record, Is.EqualTo(Sample() with
        {
            Id = 7,
            Url = record.Url,
            State = DownloadState.Paused,
            Credentials = new Credentials("user", "pass"),
            Version = new Validator("\"v1\"", DateTimeOffset.FromUnixTimeSeconds(1000), 5_000_000_000),
            IsResumable = true,
            Allocation = VolumeAllocation.Sparse,
            Stored = StoredRanges.UpTo(66_536),
            IsSuspect = true,
            Attempts = 3,
            Restarts = 1,
            CreatedAt = DateTimeOffset.FromUnixTimeMilliseconds(1_764_000_000_000),
            StartedAt = DateTimeOffset.FromUnixTimeMilliseconds(1_764_000_001_000),
        }));
        Assert.That(record.Url.Uri.AbsoluteUri, Is.EqualTo("https://host/a.iso?token=s3cret"));
        Assert.That(store.LoadHead(7), Has.Length.EqualTo(65_536));
        Assert.That(store.LoadWindows(7), Is.EqualTo(new[] { new Window(65_536, 1000, ulong.MaxValue) }));
        Assert.That(store.FindNewest(new VolumeId("ISO", "b.iso"))!.State, Is.EqualTo(DownloadState.Completed));
        Assert.That(store.Add(Sample("c.iso") with { Checksum = Sum, LimitRate = 5000 }).Id, Is.EqualTo(9));
        Assert.That(store.FindNewest(new VolumeId("ISO", "c.iso"))!.Checksum, Is.EqualTo(Sum));
        Assert.That(store.FindNewest(new VolumeId("ISO", "c.iso"))!.LimitRate, Is.EqualTo(5000));
        Assert.That(Store.Query("PRAGMA user_version"), Is.EqualTo(StateStoreFile.NewestVersion));
        Assert.That(Log.Events, Is.Empty);
    }

    [Test]
    public void Store_of_version_1_takes_mirrors_and_pieces()
    {
        Store.MakeVersion1();
        using (var store = Open()) store.Add(MirrorStoreTests.WithMirrors(Sample()));

        using var again = Open();
        MirrorStoreTests.AssertMirrors(again.LoadLive().Single());
    }

    [TestCase("UPDATE downloads SET mirrors = '1 de'")]
    [TestCase("UPDATE downloads SET mirrors = 'x - https://host/a.iso'")]
    [TestCase("UPDATE downloads SET mirrors = '1 - nonsense'")]
    [TestCase("UPDATE downloads SET headers = 'https://host'")]
    [TestCase("UPDATE downloads SET headers = 'https://host' || char(10) || 'Host: x'")]
    [TestCase("UPDATE downloads SET headers = 'nonsense' || char(10) || 'X: x'")]
    [TestCase("UPDATE pieces SET algorithm = 'Sha0'")]
    [TestCase("UPDATE pieces SET length = 0")]
    [TestCase("UPDATE pieces SET hashes = zeroblob(21)")]
    public void Store_whose_mirrors_or_pieces_cannot_be_read_is_kept_aside(string damage)
    {
        using (var store = Open()) store.Add(MirrorStoreTests.WithMirrors(Sample()));
        Log.Events.Clear();
        Store.Execute(damage);

        OpenAndUse();

        Assert.That(Store.KeptAside, Has.Count.EqualTo(1));
        Assert.That(Log.Events[0].Id, Is.EqualTo(KeptAside));
    }

    [Test]
    public void Checksum_and_limit_are_still_there_at_the_next_start()
    {
        using (var store = Open())
        {
            var record = store.Add(Sample() with { Checksum = Sum });
            store.Update(record with { LimitRate = 5000 });
        }

        using var again = Open();

        var found = again.LoadLive().Single();
        Assert.That(found.Checksum, Is.EqualTo(Sum));
        Assert.That(found.LimitRate, Is.EqualTo(5000));
    }

    [Test]
    public void Newer_store_is_kept_aside_with_its_log_and_a_new_one_made()
    {
        MakeStore();
        using (Store.HoldOpen())
        {
            Store.Execute("PRAGMA user_version = 99; UPDATE downloads SET name = 'in the log.iso'");
            Assert.That(File.Exists(Store.Path + "-wal"));
            OpenAndUse();
        }

        var kept = Store.KeptAside.Single();
        Assert.That(kept, Is.EqualTo(Store.Path + ".newer-20261124T120000Z"));
        Assert.That(StateStoreFile.Query(kept, "PRAGMA user_version"), Is.EqualTo(99));
        Assert.That(StateStoreFile.Query(kept, "SELECT name FROM downloads"), Is.EqualTo("in the log.iso"));
        var (id, message) = Log.Events[0];
        Assert.That(id, Is.EqualTo(KeptAside));
        Assert.That(message, Does.Contain("version 99").And.Contain("newer kimchi-isod").And.Contain(kept));
    }

    [Test]
    public void Failure_at_run_time_may_pass_and_names_the_file()
    {
        using var store = Open();
        var record = store.Add(Sample());
        Store.Execute("ALTER TABLE windows RENAME TO elsewhere");

        Assert.That(
            () => store.AddWindow(record.Id, new Window(0, 1, 1), 1),
            Throws.TypeOf<DownloadException>().With.Property("Kind").EqualTo(DownloadErrorKind.StoreFailed)
                .And.Property("IsTransient").True.And.Message.Contains(Store.Path));
        Store.Execute("ALTER TABLE elsewhere RENAME TO windows");
        Assert.That(store.LoadLive().Single().ImagePosition, Is.Zero, "nothing has changed");
        store.AddWindow(record.Id, new Window(0, 1, 1), 1);
    }

    [Test]
    public void Stop_that_cannot_be_noted_is_logged_and_is_a_crash_for_the_next_start()
    {
        using (var store = Open())
        {
            store.Add(Sample());
            Store.Execute("ALTER TABLE daemon RENAME TO elsewhere");
        }

        Assert.That(Log.Events.Select(e => e.Id), Does.Contain(StopNotStored));
        Store.Execute("ALTER TABLE elsewhere RENAME TO daemon");
        using var again = Open();
        Assert.That(again.LoadLive().Single().IsSuspect, Is.True);
    }
}
