using Kimchi.Isod.Core.Checksums;
using Kimchi.Isod.Core.Remote;
using Kimchi.Isod.Core.State;
using Kimchi.Isod.Core.Volumes;
using Kimchi.Isod.Fixtures;
using Kimchi.Isod.Storage.State;
using Microsoft.Extensions.Time.Testing;

namespace Kimchi.Isod.Storage.Tests;

/// <summary>A test that puts something in the place of the store before it is opened.</summary>
public abstract class StateTest
{
    /// <summary>Event ids of <c>StorageLog</c>.</summary>
    private protected const int KeptAside = 206;
    private protected const int Missing = 207;
    private protected const int StopNotStored = 208;

    private static readonly DateTimeOffset Now = new(2026, 11, 24, 12, 0, 0, TimeSpan.Zero);

    private TemporaryDirectory _directory = null!;
    private StateDirectory _state = null!;

    private protected StateStoreFile Store { get; private set; } = null!;

    private protected LogRecorder Log { get; private set; } = null!;

    [SetUp]
    public void Hold()
    {
        _directory = new TemporaryDirectory("state");
        _state = StateDirectory.Hold(_directory["state"]);
        Store = new StateStoreFile(_state.Path);
        Log = new LogRecorder();
    }

    [TearDown]
    public void LetGo()
    {
        _state.Dispose();
        _directory.Dispose();
    }

    private protected static Checksum Sum => Checksum.Parse("sha256:" + new string('a', 64));

    private protected static DownloadRecord Sample(string name = "a.iso") => new()
    {
        Volume = new VolumeId("ISO", name),
        Url = RemoteUrl.Parse("https://host/a.iso?token=s3cret"),
        Version = new Validator(null, null, 1000),
        CreatedAt = Now,
    };

    private protected SqliteDownloadStore Open() => SqliteDownloadStore.Open(_state, Log, new FakeTimeProvider(Now));

    /// <summary>Makes a store with one download in it.</summary>
    private protected void MakeStore()
    {
        using (var store = Open()) store.Add(Sample());
        Log.Events.Clear();
    }

    /// <summary>Opens a store that forgets what was there, and uses it.</summary>
    private protected void OpenAndUse()
    {
        using var store = Open();
        Assert.That(store.LoadLive(), Is.Empty);
        store.Add(Sample());
    }
}
