using Kimchi.Isod.Storage.Libvirt;

namespace Kimchi.Isod.Storage.Tests;

public sealed class FileSystemsTests
{
    private static readonly string[] Mounts =
    [
        "22 1 254:0 / / rw,relatime shared:1 - ext3 /dev/vda rw",
        "30 22 0:26 / /var/lib/kimchi rw shared:5 master:1 - nfs4 server:/isos rw",
        "31 30 0:27 / /var/lib/kimchi/isos rw - xfs /dev/vdb rw",
        "32 22 0:28 / /mnt/with\\040blank rw - btrfs /dev/vdc rw",
        "33 22 0:29 / /mnt/twice rw - nfs server:/a rw",
        "34 33 0:30 / /mnt/twice rw - tmpfs tmpfs rw",
        "a broken line",
    ];

    [TestCase("/srv/isos", "ext3")]
    [TestCase("/var/lib/kimchi", "nfs4")]
    [TestCase("/var/lib/kimchi/isos", "xfs")]
    [TestCase("/var/lib/kimchi/isos/deeper", "xfs")]
    [TestCase("/var/lib/kimchi/isos-other", "nfs4")]
    [TestCase("/mnt/with blank/isos", "btrfs")]
    [TestCase("/mnt/twice", "tmpfs")]
    public void Path_is_on_the_file_system_of_the_nearest_mount_point(string path, string type) =>
        Assert.That(FileSystems.FindType(path, Mounts), Is.EqualTo(type));

    [Test]
    public void This_machines_own_mounts_are_read() => Assert.That(() => FileSystems.AllocatesQuickly("/tmp"), Throws.Nothing);

    [TestCase("<pool type='dir'><target><path>/isos</path></target></pool>", true, true, true)]
    [TestCase("<pool type='netfs'><target><path>/isos</path></target></pool>", true, true, false)]
    [TestCase("<pool type='logical'><target><path>/dev/vg</path></target></pool>", false, true, false)]
    [TestCase("<pool type='rbd'/>", false, false, false)]
    public void Pools_type_tells_what_it_can_do(string xml, bool hasFiles, bool takesUploads, bool isLocal)
    {
        var pool = PoolDescription.Parse(xml);

        Assert.That((pool.HasFiles, pool.TakesUploads, pool.IsLocal), Is.EqualTo((hasFiles, takesUploads, isLocal)));
    }
}
