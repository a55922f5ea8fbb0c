using LibvirtSharp.Errors;

namespace LibvirtSharp.Tests;

public sealed class VolumeTests : LibvirtTest
{
    [Test]
    public void New_volume_has_what_its_definition_says()
    {
        using var pool = NewPool();
        using var volume = pool.CreateVolume(new StorageVolumeDefinition
        {
            Name = "image <1> & 'two'.iso",
            Capacity = 3 * MiB,
            Allocation = 0,
            Format = "raw",
            Mode = "0640",
            Owner = 1234,
            Group = 4321,
        });
        Assert.That(volume.Name, Is.EqualTo("image <1> & 'two'.iso"));
        Assert.That(volume.Path, Is.EqualTo(Path.Combine(TargetOf(pool), volume.Name)));
        Assert.That(volume.Key, Is.EqualTo(volume.Path));
        Assert.That(volume.GetInfo(), Is.EqualTo(new StorageVolumeInfo(StorageVolumeType.File, 3 * MiB, 0)));
        Assert.That(
            volume.GetXml(),
            Does.Contain("<mode>0640</mode>").And.Contain("<owner>1234</owner>").And.Contain("<group>4321</group>"));
        Assert.That(
            File.GetUnixFileMode(volume.Path),
            Is.EqualTo(UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.GroupRead));
    }

    [Test]
    public void Allocated_volume_takes_its_space_at_once()
    {
        using var pool = NewPool();
        using var volume = NewVolume(pool, 2 * MiB, allocation: 2 * MiB);
        Assert.That(volume.GetInfo().Allocation, Is.GreaterThanOrEqualTo(2 * MiB));
        using var unsaid = NewVolume(pool, 2 * MiB, allocation: null);
        Assert.That(unsaid.GetInfo().Allocation, Is.GreaterThanOrEqualTo(2 * MiB));
    }

    [Test]
    public void Volume_is_found_by_name_path_and_key_and_knows_its_pool()
    {
        using var pool = NewPool();
        using var volume = NewVolume(pool, MiB);
        using var byName = pool.FindVolume(volume.Name);
        using var byPath = Connection.LookupVolumeByPath(volume.Path);
        using var byKey = Connection.LookupVolumeByKey(volume.Key);
        Assert.That(new[] { byName!.Key, byPath.Key, byKey.Key }, Is.All.EqualTo(volume.Key));
        using var itsPool = volume.LookupPool();
        Assert.That(itsPool.Uuid, Is.EqualTo(pool.Uuid));
        Assert.That(pool.ListVolumeNames(), Is.EqualTo([volume.Name]));
    }

    [Test]
    public void Unknown_volume_is_typed_or_null()
    {
        using var pool = NewPool();
        Assert.That(() => pool.LookupVolume("none"), Throws.TypeOf<StorageVolumeNotFoundException>());
        Assert.That(() => Connection.LookupVolumeByPath("/nonexistent"), Throws.TypeOf<StorageVolumeNotFoundException>());
        Assert.That(pool.FindVolume("none"), Is.Null);
    }

    [Test]
    public void Existing_volume_is_code_90()
    {
        using var pool = NewPool();
        using var volume = NewVolume(pool, MiB);
        var same = new StorageVolumeDefinition { Name = volume.Name, Capacity = MiB };
        var error = Assert.Throws<StorageVolumeExistsException>(() => pool.CreateVolume(same));
        TestContext.Out.WriteLine($"{(int)error!.Code} {error.Domain}: {error.Message}");
        Assert.That((int)error.Code, Is.EqualTo(90));
    }

    [Test]
    public void Unseen_file_of_the_name_is_invalid_and_stays_whole()
    {
        using var pool = NewPool();
        var file = Path.Combine(TargetOf(pool), "unseen");
        File.WriteAllText(file, "precious");
        var error = Assert.Throws<LibvirtException>(() =>
            pool.CreateVolume(new StorageVolumeDefinition { Name = "unseen", Capacity = MiB, Allocation = 0 }));
        TestContext.Out.WriteLine($"{(int)error!.Code} {error.Domain}: {error.Message}");
        Assert.That(error.Code, Is.EqualTo(LibvirtErrorCode.OperationInvalid));
        Assert.That(File.ReadAllText(file), Is.EqualTo("precious"));
    }

    [Test]
    public void Deleted_volume_is_gone_and_its_object_says_so()
    {
        using var pool = NewPool();
        using var volume = NewVolume(pool, MiB);
        var path = volume.Path;
        volume.Delete();
        Assert.That(path, Does.Not.Exist);
        Assert.That(volume.GetInfo, Throws.TypeOf<StorageVolumeNotFoundException>());
    }

    [Test]
    public void Grown_volume_is_larger_and_sparse_unless_asked()
    {
        using var pool = NewPool();
        using var volume = NewVolume(pool, MiB);
        volume.Resize(4 * MiB);
        Assert.That((volume.GetInfo().Capacity, new FileInfo(volume.Path).Length), Is.EqualTo((4UL * MiB, 4L * MiB)));
        Assert.That(volume.GetInfo().Allocation, Is.Zero);
        volume.Resize(MiB, StorageVolumeResizeOptions.Delta);
        Assert.That(volume.GetInfo().Capacity, Is.EqualTo(5UL * MiB));
        volume.Resize(8 * MiB, StorageVolumeResizeOptions.Allocate);
        Assert.That(volume.GetInfo().Allocation, Is.GreaterThanOrEqualTo(3 * MiB));
    }

    [Test]
    public void Shrinking_wants_its_flag()
    {
        using var pool = NewPool();
        using var volume = NewVolume(pool, 4 * MiB);
        var error = Assert.Throws<LibvirtException>(() => volume.Resize(MiB));
        TestContext.Out.WriteLine($"{error!.Code} {error.Domain}: {error.Message}");
        Assert.That(error.Code, Is.EqualTo(LibvirtErrorCode.InvalidArgument));
        volume.Resize(MiB, StorageVolumeResizeOptions.Shrink);
        Assert.That(volume.GetInfo().Capacity, Is.EqualTo((ulong)MiB));
        Assert.That(new FileInfo(volume.Path).Length, Is.EqualTo(MiB));
    }

    [Test]
    public void Shrinking_below_the_allocation_is_tried()
    {
        using var pool = NewPool();
        using var volume = NewVolume(pool, 4 * MiB, 4 * MiB);
        var error = Assert.Catch<LibvirtException>(() => volume.Resize(MiB, StorageVolumeResizeOptions.Shrink));
        TestContext.Out.WriteLine($"{error!.Code} {error.Domain}: {error.Message}; now {volume.GetInfo()}");
        Assert.That(error.Code, Is.EqualTo(LibvirtErrorCode.InvalidArgument));
    }

    [TestCase("08")]
    [TestCase("rw-r--r--")]
    [TestCase("")]
    [TestCase("0644</mode>")]
    public void Mode_that_is_not_octal_is_refused(string mode) =>
        Assert.That(new StorageVolumeDefinition { Name = "x", Capacity = 1, Mode = mode }.ToXml, Throws.ArgumentException);

    [Test]
    public void Control_characters_are_refused_and_line_ends_survive()
    {
        Assert.That(new StorageVolumeDefinition { Name = "a\u0001b", Capacity = 1 }.ToXml, Throws.ArgumentException);
        Assert.That(new StorageVolumeDefinition { Name = "a\r\nb", Capacity = 1 }.ToXml(), Does.Contain("&#xD;"));
    }
}
