using Kimchi.Isod.Core.Errors;
using Kimchi.Isod.Core.Volumes;
using Kimchi.Isod.Fixtures;
using Kimchi.Isod.Storage.Libvirt;
using Microsoft.Extensions.Logging.Abstractions;

namespace Kimchi.Isod.Storage.Tests;

/// <summary>The adapter on a real libvirtd.</summary>
public sealed class LibvirtPoolsTests
{
    private PrivateLibvirtd _libvirtd = null!;

    [OneTimeSetUp]
    public void StartLibvirtd() => _libvirtd = new PrivateLibvirtd();

    [OneTimeTearDown]
    public void StopLibvirtd() => _libvirtd.Dispose();

    [TestCase(AllocatePolicy.Full, VolumeAllocation.Full)]
    [TestCase(AllocatePolicy.None, VolumeAllocation.Sparse)]
    public async Task Created_volume_takes_its_space_as_the_policy_says(AllocatePolicy policy, VolumeAllocation expected)
    {
        using var pools = Open(policy, out var directory);
        var before = await pools.GetFreeSpaceAsync("ISO", CancellationToken.None);

        await pools.CreateVolumeAsync(new VolumeId("ISO", "a.iso"), 30_000_000, 31_234_567, CancellationToken.None);
        using var volume = pools.OpenVolume(new VolumeId("ISO", "a.iso"));
        Assert.That(volume.GetCapacity(), Is.EqualTo(31_234_567), "until it is settled");
        var allocation = volume.Settle(30_000_000);

        Assert.That(allocation, Is.EqualTo(expected));
        var file = Path.Combine(directory, "a.iso");
        Assert.That(new FileInfo(file).Length, Is.EqualTo(30_000_000));
        Assert.That(ChildProcess.Run("stat", "-c", "%a %b %B", file).Trim(), Does.Match(
            expected is VolumeAllocation.Full ? "^644 [1-9][0-9]{4}" : "^644 [0-9]{1,2} "));
        Assert.That(before, Is.GreaterThan(0));
    }

    [Test]
    public async Task Volume_with_any_name_that_is_allowed_is_made_found_and_deleted([Values("ä 日.iso", "a&b<c>'\".iso", "%s%n.iso")] string name)
    {
        using var pools = Open(AllocatePolicy.Auto, out var directory);

        await pools.CreateVolumeAsync(new VolumeId("ISO", name), 1000, 1000, CancellationToken.None);
        Assert.That(await pools.VolumeExistsAsync(new VolumeId("ISO", name), CancellationToken.None));
        Assert.That(File.Exists(Path.Combine(directory, name)));
        using var volume = pools.OpenVolume(new VolumeId("ISO", name));
        volume.Delete();
        volume.Delete();

        Assert.That(await pools.VolumeExistsAsync(new VolumeId("ISO", name), CancellationToken.None), Is.False);
    }

    [Test]
    public async Task Name_that_is_taken_is_a_name_in_use()
    {
        using var pools = Open(AllocatePolicy.Auto, out _);
        await pools.CreateVolumeAsync(new VolumeId("ISO", "a.iso"), 1000, 1000, CancellationToken.None);

        Assert.That(
            () => pools.CreateVolumeAsync(new VolumeId("ISO", "a.iso"), 1000, 1000, CancellationToken.None),
            Throws.TypeOf<DownloadException>().With.Property("Kind").EqualTo(DownloadErrorKind.NameInUse));
    }

    [Test]
    public async Task Name_of_a_link_to_nowhere_is_a_name_in_use()
    {
        using var pools = Open(AllocatePolicy.Auto, out var directory);
        await pools.CheckPoolAsync("ISO", CancellationToken.None);
        File.CreateSymbolicLink(Path.Combine(directory, "link.iso"), "/nowhere/at/all.iso");

        Assert.That(
            () => pools.CreateVolumeAsync(new VolumeId("ISO", "link.iso"), 1000, 1000, CancellationToken.None),
            Throws.TypeOf<DownloadException>().With.Property("Kind").EqualTo(DownloadErrorKind.NameInUse));
    }

    [Test]
    public async Task Disk_that_is_full_is_no_space()
    {
        using var disk = new SmallDisk(8);
        using var libvirtd = new PrivateLibvirtd(); // Started after the mount, so that it sees it.
        using var pools = new LibvirtPools(
            new LibvirtOptions { Uri = libvirtd.Uri }, new PoolOptions { IsoPath = disk.Path, Allocate = AllocatePolicy.Full }, new AllowedPools(["ISO"]),
            NullLogger<LibvirtPools>.Instance);

        await pools.CreateVolumeAsync(new VolumeId("ISO", "a.iso"), 30_000_000, 30_000_000, CancellationToken.None);
        using var volume = pools.OpenVolume(new VolumeId("ISO", "a.iso"));

        Assert.That(
            () => volume.Settle(30_000_000), Throws.TypeOf<DownloadException>().With.Property("Kind").EqualTo(DownloadErrorKind.NoSpace));
    }

    [Test]
    public async Task What_is_uploaded_can_be_read_back_and_a_growing_volume_grows()
    {
        using var pools = Open(AllocatePolicy.Auto, out var directory);
        await pools.CreateVolumeAsync(new VolumeId("ISO", "a.iso"), null, 1000, CancellationToken.None);
        var bytes = new byte[3_000_000];
        new Random(1).NextBytes(bytes);

        using (var volume = pools.OpenVolume(new VolumeId("ISO", "a.iso")))
        {
            using var upload = volume.BeginUpload(65_536, 4_000_000);
            upload.Write(bytes);
            upload.Finish();
            var found = new MemoryStream();
            volume.Read(65_536, bytes.Length, piece => found.Write(piece));
            Assert.That(found.ToArray(), Is.EqualTo(bytes));
        }

        Assert.That(new FileInfo(Path.Combine(directory, "a.iso")).Length, Is.EqualTo(3_065_536));
        using var again = pools.OpenVolume(new VolumeId("ISO", "a.iso"));
        Assert.That(again.GetCapacity(), Is.EqualTo(3_065_536));
    }

    // Measured with libvirt 9.0: it opens the file once, and closes it before the end of the upload is told.
    [Test]
    public async Task Upload_is_one_writer_and_what_libvirt_reads_none()
    {
        using var pools = Open(AllocatePolicy.Auto, out var directory);
        await pools.CreateVolumeAsync(new VolumeId("ISO", "a.iso"), 1_000_000, 1_000_000, CancellationToken.None);
        await File.WriteAllBytesAsync(Path.Combine(directory, "a.iso"), [1, .. new byte[999_999]]);
        using var volume = pools.OpenVolume(new VolumeId("ISO", "a.iso"));
        volume.FindFile(new byte[] { 1 });
        Assert.That(volume.Observe(), Has.Property("Writers").Zero.And.Property("IsWatched").True);

        for (var i = 0; i < 10; i++)
        {
            using (var upload = volume.BeginUpload(1000, 100_000))
            {
                Assert.That(volume.Observe().Writers, Is.Zero, "while it is open");
                upload.Write(new byte[100_000]);
                if (i < 5) upload.Finish();
            }

            var ended = volume.Observe();
            Assert.That(ended.Writers, Is.EqualTo(1), $"when it has ended ({i})");
            volume.Read(0, 1_000_000, _ => { });
            _libvirtd.Virsh("pool-refresh", "ISO");
            Assert.That(volume.Observe(), Is.EqualTo(ended with { Writers = 0 }), "after a refresh");
        }
    }

    [Test]
    public async Task Upload_that_is_dropped_leaves_the_volume_usable()
    {
        using var pools = Open(AllocatePolicy.Auto, out _);
        await pools.CreateVolumeAsync(new VolumeId("ISO", "a.iso"), 1_000_000, 1_000_000, CancellationToken.None);
        using var volume = pools.OpenVolume(new VolumeId("ISO", "a.iso"));

        for (var i = 0; i < 20; i++)
        {
            using var upload = volume.BeginUpload(0, 1_000_000);
            upload.Write(new byte[100_000]);
        }

        volume.Delete();
    }

    [Test]
    public void Volume_that_is_gone_is_lost()
    {
        using var pools = Open(AllocatePolicy.Auto, out _);
        Assert.That(() => pools.CheckPoolAsync("ISO", CancellationToken.None), Throws.Nothing);

        Assert.That(
            () => pools.OpenVolume(new VolumeId("ISO", "gone.iso")),
            Throws.TypeOf<DownloadException>().With.Property("Kind").EqualTo(DownloadErrorKind.VolumeLost).And.Property("IsTransient").False);
    }

    [Test]
    public async Task Volume_of_another_host_is_not_taken_for_one_of_this()
    {
        using var pools = Open(AllocatePolicy.None, out _);
        await pools.CreateVolumeAsync(new VolumeId("ISO", "here.iso"), 1000, 1000, CancellationToken.None);
        var other = new VolumeId("ISO", "here.iso", Host: "other");

        AssertUnknown(() => pools.VolumeExistsAsync(other, CancellationToken.None));
        AssertUnknown(() => pools.CreateVolumeAsync(other, 1000, 1000, CancellationToken.None));
        AssertUnknown(() => Task.FromResult(pools.OpenVolume(other)));

        static void AssertUnknown(Func<Task> call) =>
            Assert.That(call, Throws.TypeOf<DownloadException>().With.Property("Kind").EqualTo(DownloadErrorKind.PoolNotFound));
    }

    // A call that reached open(2) of a FIFO would lock the pool for good.
    [TestCase("mkfifo")]
    [TestCase("mkdir")]
    [TestCase("mksocket")]
    [TestCase("mkchar")]
    public async Task Volume_that_something_else_than_a_file_has_replaced_is_lost_and_left_alone(string make)
    {
        using var pools = Open(AllocatePolicy.Auto, out var directory);
        await pools.CreateVolumeAsync(new VolumeId("ISO", "a.iso"), 1000, 1000, CancellationToken.None);
        using var open = pools.OpenVolume(new VolumeId("ISO", "a.iso"));
        var path = Path.Combine(directory, "a.iso");
        File.Delete(path);
        ChildProcess.Run("sh", "-c", make switch
        {
            "mksocket" => $"python3 -c 'import socket; socket.socket(socket.AF_UNIX).bind(\"{path}\")'",
            "mkchar" => $"mknod {path} c 1 3",
            _ => $"{make} {path}",
        });

        AssertLost(() => open.BeginUpload(0, 1000));
        // libvirt notices a directory when it looks through the pool. It opens one for reading, and its client may lose the connection then.
        if (make != "mkdir") AssertLost(() => open.Read(0, 1000, _ => { }));
        if (make != "mkdir") AssertLost(() => pools.OpenVolume(new VolumeId("ISO", "a.iso")));
        Assert.That(await pools.GetFreeSpaceAsync("ISO", CancellationToken.None), Is.GreaterThan(0), "the pool is of use still");
        AssertLost(() => pools.OpenVolume(new VolumeId("ISO", "a.iso")));
        Assert.That(ChildProcess.Run("stat", "-c", "%F", path).Trim(), Is.EqualTo(
            make switch { "mkfifo" => "fifo", "mkdir" => "directory", "mksocket" => "socket", _ => "character special file" }));
    }

    [Test]
    public async Task Calls_from_many_sides_at_once_hurt_none()
    {
        using var pools = Open(AllocatePolicy.Auto, out _);

        // Refreshes that meet a volume being made are refused by libvirt itself; ours are made again, those of others are not.
        var others = Enumerable.Range(0, 20).Select(_ => Task.Run(() =>
            ChildProcess.Run("sh", "-c", $"virsh -c '{_libvirtd.Uri}' pool-refresh ISO || true")));
        await Task.WhenAll(Enumerable.Range(0, 30).Select(async n =>
        {
            await pools.CreateVolumeAsync(new VolumeId("ISO", $"{n}.iso"), 1_000_000, 1_000_000, CancellationToken.None);
            await pools.GetFreeSpaceAsync("ISO", CancellationToken.None);
            using var volume = pools.OpenVolume(new VolumeId("ISO", $"{n}.iso"));
            volume.Delete();
        }).Concat(others));
    }

    [Test]
    public void Libvirt_that_is_not_there_is_unreachable_and_transient()
    {
        using var pools = new LibvirtPools(
            new LibvirtOptions { Uri = "storage+unix:///system?socket=/nowhere/sock" }, new PoolOptions(), new AllowedPools(["ISO"]), NullLogger<LibvirtPools>.Instance);

        Assert.That(
            () => pools.CheckPoolAsync("ISO", CancellationToken.None),
            Throws.TypeOf<DownloadException>().With.Property("Kind").EqualTo(DownloadErrorKind.LibvirtUnreachable).And.Property("IsTransient").True);
    }

    private static void AssertLost(Action call)
    {
        var failure = Assert.Throws<DownloadException>(call);
        Assert.That((failure.Kind, failure.IsTransient), Is.EqualTo((DownloadErrorKind.VolumeLost, false)), failure.Message);
    }

    private LibvirtPools Open(AllocatePolicy policy, out string directory)
    {
        directory = _libvirtd.NewPoolDirectory();
        return Open(policy, directory);
    }

    // Each test has the pool ISO anew, in a directory of its own.
    private LibvirtPools Open(AllocatePolicy policy, string directory)
    {
        if (_libvirtd.Virsh("pool-list", "--all").Contains("ISO", StringComparison.Ordinal))
        {
            _libvirtd.Virsh("pool-destroy", "ISO");
            _libvirtd.Virsh("pool-undefine", "ISO");
        }

        return new LibvirtPools(
            new LibvirtOptions { Uri = _libvirtd.Uri }, new PoolOptions { IsoPath = directory, Allocate = policy }, new AllowedPools(["ISO"]),
            NullLogger<LibvirtPools>.Instance);
    }
}
