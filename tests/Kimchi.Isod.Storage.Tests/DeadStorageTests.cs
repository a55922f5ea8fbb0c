using Kimchi.Isod.Core.Errors;
using Kimchi.Isod.Core.Volumes;
using Kimchi.Isod.Fixtures;
using Kimchi.Isod.Storage.Libvirt;
using Microsoft.Extensions.Logging.Abstractions;

namespace Kimchi.Isod.Storage.Tests;

/// <summary>
/// virtqemud whose own connection to virtstoraged is dead, while ours to virtqemud is alive. Debian has no modular daemons, so
/// <see cref="LibvirtRelay"/> plays virtqemud before a real libvirtd.
/// </summary>
[CancelAfter(60_000)]
public sealed class DeadStorageTests
{
    private static readonly object[] Errors =
    [
        new object[] { 1, 0, "internal error: client socket is closed" },
        new object[] { 38, 32, "Cannot write data: Broken pipe" },
        new object[] { 39, 0, "XML-RPC error : no reply" },
    ];

    private PrivateLibvirtd _libvirtd = null!;
    private LibvirtRelay _relay = null!;

    [SetUp]
    public void Start()
    {
        _libvirtd = new PrivateLibvirtd();
        _relay = new LibvirtRelay(_libvirtd);
    }

    [TearDown]
    public void Stop()
    {
        _relay.Dispose();
        _libvirtd.Dispose();
    }

    [TestCaseSource(nameof(Errors))]
    public async Task Every_call_works_though_the_storage_behind_the_connection_died_before_it(int code, int errno, string message)
    {
        using var pools = Open();
        var connections = 0;
        foreach (var call in Calls(pools))
        {
            await call();
            _relay.LoseStorage(code, errno, message);
            await call();

            Assert.That(_relay.Connections, Is.GreaterThan(connections), "a new connection");
            connections = _relay.Connections;
        }
    }

    [TestCaseSource(nameof(Errors))]
    public async Task Upload_in_flight_is_a_lost_connection_that_may_be_tried_again(int code, int errno, string message)
    {
        using var pools = Open();
        await pools.CreateVolumeAsync(new VolumeId("ISO", "a.iso"), 1L << 30, 1L << 30, CancellationToken.None);
        using (var volume = pools.OpenVolume(new VolumeId("ISO", "a.iso")))
        {
            using var upload = volume.BeginUpload(0, 1L << 30);
            upload.Write(new byte[1000]);
            _relay.LoseStorage(code, errno, message);

            var failure = Assert.Throws<DownloadException>(() =>
            {
                upload.Write(new byte[1000]);
                upload.Finish();
            });

            Assert.That((failure!.Kind, failure.IsTransient), Is.EqualTo((DownloadErrorKind.LibvirtUnreachable, true)));
        }

        using var again = pools.OpenVolume(new VolumeId("ISO", "a.iso"));
        Assert.That(again.GetCapacity(), Is.EqualTo(1L << 30));
    }

    private static IEnumerable<Func<Task>> Calls(LibvirtPools pools) =>
    [
        () => pools.CheckPoolAsync("ISO", CancellationToken.None),
        () => pools.GetServerVersionAsync(CancellationToken.None),
        () => pools.GetFreeSpaceAsync("ISO", CancellationToken.None),
        () => pools.GetKnownFreeSpaceAsync("ISO", CancellationToken.None),
        () => pools.VolumeExistsAsync(new VolumeId("ISO", "a.iso"), CancellationToken.None),
        () => pools.PrepareAsync(CancellationToken.None),
    ];

    private LibvirtPools Open() => new(
        new LibvirtOptions { Uri = _relay.Uri }, new PoolOptions { IsoPath = _libvirtd.NewPoolDirectory() }, new AllowedPools(["ISO"]),
        NullLogger<LibvirtPools>.Instance);
}
