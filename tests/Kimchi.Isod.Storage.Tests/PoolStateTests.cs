using Kimchi.Isod.Core.Errors;
using Kimchi.Isod.Fixtures;
using Kimchi.Isod.Storage.Libvirt;
using Microsoft.Extensions.Logging.Abstractions;

namespace Kimchi.Isod.Storage.Tests;

/// <summary>Pools that run or do not, on a real libvirtd: what only asks changes nothing.</summary>
public sealed class PoolStateTests
{
    private PrivateLibvirtd _libvirtd = null!;

    [SetUp]
    public void StartLibvirtd() => _libvirtd = new PrivateLibvirtd();

    [TearDown]
    public void StopLibvirtd() => _libvirtd.Dispose();

    [Test]
    public async Task Known_free_space_is_told_without_a_look_at_the_pool_anew()
    {
        using var pools = Open(out var directory);
        await pools.CheckPoolAsync("ISO", CancellationToken.None);
        File.WriteAllText(Path.Combine(directory, "new.iso"), "");

        var known = await pools.GetKnownFreeSpaceAsync("ISO", CancellationToken.None);

        Assert.That(known, Is.GreaterThan(0));
        Assert.That(_libvirtd.Virsh("vol-list", "ISO"), Does.Not.Contain("new.iso"));
        await pools.GetFreeSpaceAsync("ISO", CancellationToken.None);
        Assert.That(_libvirtd.Virsh("vol-list", "ISO"), Does.Contain("new.iso"), "what a look anew finds");
    }

    [Test]
    public async Task Pool_that_libvirt_stopped_is_started_by_its_use_and_not_by_a_question()
    {
        using var pools = Open(out var directory);
        await pools.CheckPoolAsync("ISO", CancellationToken.None);
        Directory.Move(directory, directory + ".away");
        Assert.That(() => pools.GetFreeSpaceAsync("ISO", CancellationToken.None), Throws.TypeOf<DownloadException>());
        Directory.Move(directory + ".away", directory);

        Assert.That(
            () => pools.GetKnownFreeSpaceAsync("ISO", CancellationToken.None),
            Throws.TypeOf<DownloadException>().With.Property("Kind").EqualTo(DownloadErrorKind.PoolNotRunning));
        Assert.That(_libvirtd.Virsh("pool-list"), Does.Not.Contain("ISO"), "asking starts nothing");
        await pools.CheckPoolAsync("ISO", CancellationToken.None);

        Assert.That(_libvirtd.Virsh("pool-list"), Does.Contain("ISO"));
    }

    [Test]
    public async Task Pool_that_somebody_stopped_is_not_started_by_its_use()
    {
        using var pools = Open(out _);
        await pools.CheckPoolAsync("ISO", CancellationToken.None);
        _libvirtd.Virsh("pool-destroy", "ISO");

        Assert.That(
            () => pools.CheckPoolAsync("ISO", CancellationToken.None),
            Throws.TypeOf<DownloadException>().With.Property("Kind").EqualTo(DownloadErrorKind.PoolNotRunning));

        Assert.That(_libvirtd.Virsh("pool-list"), Does.Not.Contain("ISO"));
    }

    private LibvirtPools Open(out string directory)
    {
        directory = _libvirtd.NewPoolDirectory();
        return new LibvirtPools(
            new LibvirtOptions { Uri = _libvirtd.Uri }, new PoolOptions { IsoPath = directory }, new AllowedPools(["ISO"]), NullLogger<LibvirtPools>.Instance);
    }
}
