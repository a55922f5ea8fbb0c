using System.Diagnostics.CodeAnalysis;
using System.Net;
using Kimchi.Isod.Fixtures;
using Kimchi.Isod.Fixtures.Wire;

namespace Kimchi.Isod.Integration.Tests.Faults;

/// <summary>A test whose pool and state are on a disk that loses its power.</summary>
[SuppressMessage("Structure", "NUnit1032", Justification = "The teardown disposes them, in the order that they need.")]
public abstract class PowerLossTest : IsodTest
{
    private protected const int HeadSize = 64 * 1024;
    private const int DiskMebibytes = 128;

    private readonly List<IDisposable> _after = [];
    private readonly Dictionary<string, byte[]> _images = [];

    private protected LoopDisk Disk { get; private set; } = null!;

    private protected PrivateLibvirtd Before { get; private set; } = null!;

    private protected IsodProcess Daemon { get; private set; } = null!;

    private protected ImageServer Server { get; private set; } = null!;

    private protected string Pool { get; private set; } = "";

    [SetUp]
    public void StartAll()
    {
        Disk = new LoopDisk(DiskMebibytes);
        Pool = Directory.CreateDirectory(Path.Combine(Disk.Path, "pool")).FullName;
        Before = new PrivateLibvirtd(); // It sees only what is mounted before it starts.
        Server = new ImageServer();
    }

    [TearDown]
    public async Task StopAll()
    {
        Resume();
        await StopDaemons();
        await Server.DisposeAsync();
        foreach (var used in Enumerable.Reverse(_after)) used.Dispose();
        Before.Dispose();
        Disk.Dispose();
        _after.Clear();
        _images.Clear();
    }

    /// <summary>Starts the daemon, with its state on the disk unless said otherwise.</summary>
    private protected async Task StartDaemonAsync(params (string Key, string Value)[] settings)
    {
        Daemon = Prepare(
            Before, Pool,
            [("state:directory", Path.Combine(Disk.Path, "state")), ("downloads:window_size", "1M"), ("downloads:max_active", "8"), .. settings]);
        await Daemon.StartAsync();
    }

    private protected byte[] ContentOf(string name) => _images[name];

    private protected async Task<string> DownloadAsync(int size, int seed)
    {
        var name = NewName();
        _images[name] = Server.Add(name, size, seed);
        var reply = await Daemon.Client.StartAsync(Server.Url(name), name);
        Assert.That(reply.Status, Is.EqualTo(HttpStatusCode.OK), reply.Body);
        return name;
    }

    /// <summary>Lets nobody write to the disk any more.</summary>
    private protected void Suspend()
    {
        Daemon.Suspend();
        Before.Stop();
    }

    private protected void Resume()
    {
        Daemon?.Continue();
        Before.Continue();
    }

    /// <summary>What the disk holds when its power fails now.</summary>
    private protected string LosePower()
    {
        var found = new TemporaryDirectory("after");
        _after.Add(found);
        Disk.LosePower(found.Path);
        return found.Path;
    }

    /// <summary>Boots the machine again: another boot id, another libvirtd, and the daemon on what the disk has held.</summary>
    private protected async Task<(IsodProcess Daemon, string Pool)> BootAsync(string found, string? state = null)
    {
        var bootId = Path.Combine(found, "boot_id");
        await File.WriteAllTextAsync(bootId, $"{Guid.NewGuid()}\n");
        var libvirtd = new PrivateLibvirtd();
        _after.Add(libvirtd);
        var pool = Path.Combine(found, "pool");
        var daemon = Prepare(
            libvirtd, pool,
            ("state:directory", state ?? Path.Combine(found, "state")), ("downloads:window_size", "1M"), ("downloads:max_active", "8"));
        daemon.Overlays["/proc/sys/kernel/random/boot_id"] = bootId;
        await daemon.StartAsync();
        return (daemon, pool);
    }

    private protected void AssertWhole(string pool, string name)
    {
        var stored = File.ReadAllBytes(Path.Combine(pool, name));
        Assert.That(stored, Has.Length.EqualTo(_images[name].Length));
        Assert.That(stored.AsSpan().CommonPrefixLength(_images[name]), Is.EqualTo(stored.Length), $"the first different byte of {name}");
    }

    /// <summary>No image is to be seen on the disk but whole ones.</summary>
    /// <returns>How many are.</returns>
    private protected int CountPublished(string pool) =>
        _images.Count(image => PublicationWatch.Check(Path.Combine(pool, image.Key), image.Value));
}
