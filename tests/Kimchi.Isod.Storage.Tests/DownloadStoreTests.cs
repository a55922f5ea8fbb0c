using Kimchi.Isod.Core.Checksums;
using Kimchi.Isod.Core.Errors;
using Kimchi.Isod.Core.Remote;
using Kimchi.Isod.Core.State;
using Kimchi.Isod.Core.Volumes;
using Kimchi.Isod.Fixtures;
using Kimchi.Isod.Storage.State;
using Microsoft.Data.Sqlite;
using Microsoft.Extensions.Logging.Abstractions;

namespace Kimchi.Isod.Storage.Tests;

public sealed class DownloadStoreTests
{
    private static readonly DateTimeOffset Now = new(2026, 11, 24, 12, 0, 0, TimeSpan.Zero);

    private TemporaryDirectory _directory = null!;
    private StateDirectory _state = null!;
    private SqliteDownloadStore _store = null!;

    [SetUp]
    public void Open()
    {
        _directory = new TemporaryDirectory("state");
        _state = StateDirectory.Hold(_directory["state"]);
        _store = SqliteDownloadStore.Open(_state, NullLogger.Instance);
    }

    [TearDown]
    public void Close()
    {
        _store.Dispose();
        _state.Dispose();
        _directory.Dispose();
    }

    [Test]
    public void Record_comes_back_as_it_was()
    {
        var record = _store.Add(Sample() with
        {
            Credentials = new Credentials("user", "pass"),
            Checksum = Checksum.Parse("sha256:" + new string('a', 64)),
            Version = new Validator("\"v1\"", Now, 5_000_000_000, IsDateStrong: true, FileName: "v1.iso"),
            RangeRefusals = 2,
            Doubt = JoinDoubt.Weak,
            Warning = "shorter than it says",
            Failure = new DownloadFailure(DownloadErrorKind.RemoteUnreadable, "404"),
            State = DownloadState.Failed,
            StartedAt = Now,
            FinishedAt = Now,
            Attempts = 3,
            Restarts = 1,
            IsResumable = true,
            IsSuspect = true,
            Allocation = VolumeAllocation.Sparse,
            Token = VolumeToken.New(_store.Id),
            BirthCapacity = 5_000_123_456,
            FileIdentity = "1-0-2-3",
            FileStamp = "5-4-100",
            IsPublishing = true,
        });
        Assert.That(record.Token!.DownloadId, Is.EqualTo(record.Id));

        var loaded = _store.LoadLive().Single();

        Assert.That(loaded with { Url = record.Url }, Is.EqualTo(record));
        Assert.That(loaded.Url.Uri, Is.EqualTo(record.Url.Uri));
    }

    [Test]
    public void Two_live_downloads_never_have_one_name()
    {
        _store.Add(Sample());

        Assert.That(() => _store.Add(Sample()), Throws.InstanceOf<SqliteException>());
    }

    [Test]
    public void Start_that_was_cut_off_gives_its_name_to_the_next_one_and_no_other_download_does()
    {
        var cutOff = _store.Add(Sample() with { State = DownloadState.Preparing });
        var elsewhere = _store.Add(Sample("b.iso") with { State = DownloadState.Preparing });

        var next = _store.Add(Sample() with { State = DownloadState.Preparing });

        Assert.That(_store.LoadLive().Select(r => r.Id), Is.EqualTo(new[] { elsewhere.Id, next.Id }));
        Assert.That(next.Id, Is.GreaterThan(cutOff.Id));
        _store.Update(next with { State = DownloadState.Queued });
        Assert.That(() => _store.Add(Sample()), Throws.InstanceOf<SqliteException>());
        Assert.That(_store.LoadLive(), Has.Count.EqualTo(2));
    }

    [Test]
    public void Name_of_an_ended_download_is_free_and_the_newest_is_found()
    {
        var first = _store.Add(Sample());
        _store.Update(first with { State = DownloadState.Completed });
        var second = _store.Add(Sample());

        Assert.That(_store.FindNewest(new VolumeId("ISO", "a.iso"))!.Id, Is.EqualTo(second.Id).And.GreaterThan(first.Id));
        Assert.That(_store.FindNewest(new VolumeId("other", "a.iso")), Is.Null);
    }

    [Test]
    public void Windows_and_head_move_the_position()
    {
        var record = _store.Add(Sample());
        _store.SaveHead(record.Id, new byte[65_536], 65_536);
        _store.AddWindow(record.Id, new Window(65_536, 1000, ulong.MaxValue), 66_536);
        _store.AddWindow(record.Id, new Window(66_536, 500, 7), 67_036);

        Assert.That(_store.LoadLive().Single().ImagePosition, Is.EqualTo(67_036));
        Assert.That(_store.LoadWindows(record.Id), Is.EqualTo(new[] { new Window(65_536, 1000, ulong.MaxValue), new Window(66_536, 500, 7) }));
        Assert.That(_store.LoadHead(record.Id), Has.Length.EqualTo(65_536));

        _store.DropWindows(record.Id, [new Window(65_536, 1000, ulong.MaxValue)], 65_536);
        Assert.That(_store.LoadWindows(record.Id), Is.EqualTo(new[] { new Window(66_536, 500, 7) }));
        Assert.That(_store.LoadLive().Single().ImagePosition, Is.EqualTo(65_536));
        Assert.That(_store.LoadLive().Single().Stored.All, Is.EqualTo(new[] { new ImageRange(0, 65_536), new ImageRange(66_536, 67_036) }));
        Assert.That(_store.FindNewest(new VolumeId("ISO", "a.iso"))!.ImagePosition, Is.EqualTo(65_536));
        Assert.That(_store.LoadHead(record.Id), Has.Length.EqualTo(65_536));
    }

    [Test]
    public void Removed_record_leaves_nothing_and_its_name_is_free()
    {
        var record = _store.Add(Sample());
        _store.SaveHead(record.Id, new byte[65_536], 65_536);
        _store.AddWindow(record.Id, new Window(65_536, 1000, 1), 66_536);

        _store.Remove(record.Id);

        Assert.That(_store.FindNewest(new VolumeId("ISO", "a.iso")), Is.Null);
        Assert.That(_store.LoadHead(record.Id), Is.Null);
        Assert.That(_store.LoadWindows(record.Id), Is.Empty);
        Assert.That(_store.Add(Sample()).Id, Is.GreaterThan(record.Id));
    }

    [Test]
    public void Restart_drops_windows_and_head()
    {
        var record = _store.Add(Sample());
        _store.SaveHead(record.Id, new byte[65_536], 65_536);
        _store.AddWindow(record.Id, new Window(65_536, 1000, 1), 66_536);

        _store.Restart(record with { Stored = StoredRanges.None });

        Assert.That(_store.LoadWindows(record.Id), Is.Empty);
        Assert.That(_store.LoadHead(record.Id), Is.Null);
        Assert.That(_store.LoadLive().Single().ImagePosition, Is.Zero);
    }

    [Test]
    public void Ended_download_keeps_no_secret([Values(DownloadState.Completed, DownloadState.Canceled)] DownloadState state)
    {
        var record = _store.Add(Sample() with { Credentials = new Credentials("user", "s3cret") });
        _store.SaveHead(record.Id, new byte[100], 100);

        _store.Update(record with { State = state });

        var ended = _store.FindNewest(new VolumeId("ISO", "a.iso"))!;
        Assert.That(ended.Credentials, Is.Null);
        Assert.That(ended.Url.Uri.AbsoluteUri, Does.Not.Contain("token"));
        Assert.That(_store.LoadHead(record.Id), Is.Null);
        Assert.That(_store.LoadLive(), Is.Empty);
    }

    [Test]
    public void History_is_dropped_when_it_is_old_and_nothing_live_with_it()
    {
        var old = _store.Add(Sample("old.iso"));
        _store.Update(old with { State = DownloadState.Completed, FinishedAt = Now });
        var recent = _store.Add(Sample("recent.iso"));
        _store.Update(recent with { State = DownloadState.Completed, FinishedAt = Now.AddDays(2) });
        _store.Add(Sample("live.iso"));

        Assert.That(_store.DropHistory(Now.AddDays(1)), Is.EqualTo(new[] { new ForgottenDownload(old.Id, new VolumeId("ISO", "old.iso")) }));

        Assert.That(_store.FindNewest(new VolumeId("ISO", "old.iso")), Is.Null);
        Assert.That(_store.FindNewest(new VolumeId("ISO", "recent.iso")), Is.Not.Null);
        Assert.That(_store.FindNewest(new VolumeId("ISO", "live.iso")), Is.Not.Null);
    }

    [Test]
    public void Stop_in_good_order_leaves_nothing_to_doubt()
    {
        _store.Add(Sample());
        Reopen(isCrash: false);

        Assert.That(_store.LoadLive().Single().IsSuspect, Is.False);
    }

    [Test]
    public void Crash_leaves_every_live_download_to_be_read_back()
    {
        _store.Add(Sample());
        Reopen(isCrash: true);

        Assert.That(_store.LoadLive().Single().IsSuspect, Is.True);
    }

    [Test]
    public void Restart_of_the_machine_leaves_every_live_download_to_be_read_back()
    {
        _store.Add(Sample());
        Execute("UPDATE daemon SET boot_id = 'another'");
        Reopen(isCrash: false);

        Assert.That(_store.LoadLive().Single().IsSuspect, Is.True);
    }

    [Test]
    public void Files_are_readable_by_their_owner_only()
    {
        _store.Add(Sample());

        Assert.That(File.GetUnixFileMode(_state.Path), Is.EqualTo((UnixFileMode)Convert.ToInt32("700", 8)));
        foreach (var file in Directory.GetFiles(_state.Path))
            Assert.That(File.GetUnixFileMode(file), Is.EqualTo((UnixFileMode)Convert.ToInt32("600", 8)), file);
    }

    [Test]
    public void Directory_is_held_by_one_daemon_at_a_time() =>
        Assert.That(() => StateDirectory.Hold(_state.Path), Throws.TypeOf<StateStoreException>().With.Message.Contains("in use by another"));

    [Test]
    public void Directory_that_cannot_be_made_is_named() =>
        Assert.That(() => StateDirectory.Hold("/proc/nothing"), Throws.TypeOf<StateStoreException>().With.Message.Contains("/proc/nothing"));

    private static DownloadRecord Sample(string name = "a.iso") => new()
    {
        Volume = new VolumeId("ISO", name),
        Url = RemoteUrl.Parse("https://host/a.iso?token=s3cret"),
        Version = new Validator(null, null, 1000),
        CreatedAt = Now,
    };

    private void Reopen(bool isCrash)
    {
        _store.Dispose();
        if (isCrash) Execute("UPDATE daemon SET stopped_clean = 0");
        _store = SqliteDownloadStore.Open(_state, NullLogger.Instance);
    }

    private void Execute(string sql)
    {
        using var connection = new SqliteConnection($"Data Source={Path.Combine(_state.Path, "downloads.sqlite")};Pooling=False");
        connection.Open();
        using var command = connection.CreateCommand();
        command.CommandText = sql;
        command.ExecuteNonQuery();
    }
}
