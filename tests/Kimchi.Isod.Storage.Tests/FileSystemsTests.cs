using Kimchi.Isod.Fixtures;
using Kimchi.Isod.Storage.Libvirt;

namespace Kimchi.Isod.Storage.Tests;

public sealed class FileSystemsTests
{
    [TestCase(0xef53u, true, true, TestName = "ext4")]
    [TestCase(0x01021994u, true, false, TestName = "tmpfs")]
    [TestCase(0x01161970u, false, true, TestName = "gfs2")]
    [TestCase(0x6969u, false, false, TestName = "nfs")]
    [TestCase(0x65735546u, false, false, TestName = "fuse, as sshfs")]
    public void Kind_of_a_file_system_tells_what_can_be_relied_on(uint type, bool isLocal, bool allocatesQuickly) =>
        Assert.That(FileSystems.Judge(type), Is.EqualTo(new FileSystemKind(isLocal, allocatesQuickly)));

    [Test]
    public void File_is_found_by_its_first_bytes_only()
    {
        using var directory = new TemporaryDirectory("local");
        var path = directory["a.iso"];
        File.WriteAllBytes(path, [1, 2, 3, 4]);

        using var found = LocalFile.Find(path, [1, 2, 3]);

        Assert.That(found, Is.Not.Null);
        Assert.That(() => found!.Flush(), Throws.Nothing);
        foreach (var start in new byte[][] { [1, 2, 4], [1, 2, 3, 4, 5], [] }) Assert.That(LocalFile.Find(path, start), Is.Null);
        Assert.That(LocalFile.Find(directory["b.iso"], [1]), Is.Null);
        Assert.That(LocalFile.Find(directory.Path, [1]), Is.Null, "a directory");
    }

    [Test]
    public void Another_file_of_the_same_name_and_content_has_another_identity()
    {
        using var directory = new TemporaryDirectory("local");
        var path = directory["a.iso"];
        var identities = Enumerable.Range(0, 5).Select(_ =>
        {
            File.Delete(path); // Its inode is free to be used again.
            File.WriteAllBytes(path, [1, 2, 3, 4]);
            using var found = LocalFile.Find(path, [1]);
            using var again = LocalFile.Find(path, [1]);
            Assert.That(again!.Description, Is.EqualTo(found!.Description));
            return found.Description.Identity;
        }).ToArray();

        Assert.That(identities, Is.Unique);
    }

    [Test]
    public void Mount_tells_a_file_system_that_was_mounted_anew()
    {
        using var directory = new TemporaryDirectory("local");
        ChildProcess.Run("mount", "-t", "tmpfs", "tmpfs", directory.Make("mnt"));
        try
        {
            File.WriteAllBytes(directory["mnt/a.iso"], [1]);
            using var first = LocalFile.Find(directory["mnt/a.iso"], [1]);
            ChildProcess.Run("mount", "--bind", directory["mnt"], directory.Make("other"));
            using var second = LocalFile.Find(directory["other/a.iso"], [1]);
            ChildProcess.Run("umount", "--lazy", directory["other"]);

            Assert.That(second!.Description.Identity, Is.EqualTo(first!.Description.Identity));
            Assert.That(second.Description.Mount, Is.Not.EqualTo(first.Description.Mount));
        }
        finally
        {
            ChildProcess.Run("umount", "--lazy", directory["mnt"]);
        }
    }

    [TestCase("<pool type='dir'><target><path>/isos</path></target></pool>", true, true)]
    [TestCase("<pool type='netfs'><target><path>/isos</path></target></pool>", true, true)]
    [TestCase("<pool type='logical'><target><path>/dev/vg</path></target></pool>", false, true)]
    [TestCase("<pool type='rbd'/>", false, false)]
    public void Pools_type_tells_what_it_can_do(string xml, bool hasFiles, bool takesUploads)
    {
        var pool = PoolDescription.Parse(xml);

        Assert.That((pool.HasFiles, pool.TakesUploads), Is.EqualTo((hasFiles, takesUploads)));
    }
}
