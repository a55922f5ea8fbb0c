using System.Globalization;
using Kimchi.Isod.Fixtures;
using LibvirtSharp.Errors;

namespace LibvirtSharp.Tests;

/// <summary>A pool on a filesystem of 8 MiB, mounted where libvirtd alone sees it, so that it goes when libvirtd goes.</summary>
public sealed class FullDiskTests : LibvirtTest
{
    private const int NoSpaceLeft = 28;

    [Test]
    public void Allocation_that_does_not_fit_is_a_full_disk_and_leaves_nothing()
    {
        using var pool = NewSmallPool();
        var error = Assert.Catch<LibvirtException>(() => NewVolume(pool, 64 * MiB, 64 * MiB));
        Tell(error!);
        Assert.That(error, Is.TypeOf<NoSpaceException>().With.Property("SystemError").EqualTo(NoSpaceLeft));
        Assert.That(pool.ListVolumeNames(), Is.Empty);
        pool.Refresh();
        Assert.That(pool.ListVolumeNames(), Is.Empty);
    }

    [Test]
    public void Growing_by_more_than_the_pool_has_is_refused()
    {
        using var pool = NewSmallPool();
        using var volume = NewVolume(pool, MiB);
        var error = Assert.Catch<LibvirtException>(() => volume.Resize(64 * MiB, StorageVolumeResizeOptions.Allocate));
        Tell(error!);
        Assert.That(error!.Code, Is.EqualTo(LibvirtErrorCode.OperationFailed), "libvirt compares and never tries");
    }

    [Test]
    public void Upload_onto_a_full_disk_fails_at_a_later_send()
    {
        using var pool = NewSmallPool();
        using var volume = NewVolume(pool, 64 * MiB);
        using var stream = Connection.NewStream();
        volume.Upload(stream, 0, 64 * MiB);
        var bytes = RandomBytes(256 * KiB);
        var error = Assert.Catch<LibvirtException>(() =>
        {
            for (var packet = 0; packet < 256; packet++)
                stream.Send(bytes);
        });
        Tell(error!);
        Assert.That(error, Is.TypeOf<NoSpaceException>());
    }

    private static void Tell(LibvirtException e) =>
        TestContext.Out.WriteLine($"{e.GetType().Name}: code {e.Code}, domain {e.Domain}, errno {e.SystemError}: {e.Message}");

    private StoragePool NewSmallPool()
    {
        var libvirtd = Libvirtd.Shared;
        var directory = libvirtd.NewPoolDirectory();
        var id = libvirtd.ProcessId.ToString(CultureInfo.InvariantCulture);
        ChildProcess.Run("nsenter", "-t", id, "-m", "mount", "-t", "tmpfs", "-o", "size=8m", "tmpfs", directory);
        var pool = Connection.DefineStoragePool(new StoragePoolDefinition { Name = NewName(), TargetPath = directory });
        pool.Create();
        return pool;
    }
}
