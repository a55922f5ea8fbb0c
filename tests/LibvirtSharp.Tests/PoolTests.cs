using LibvirtSharp.Errors;

namespace LibvirtSharp.Tests;

public sealed class PoolTests : LibvirtTest
{
    [Test]
    public void Pool_goes_through_its_life()
    {
        var target = Path.Combine(Libvirtd.Shared.NewPoolDirectory(), "made by build");
        var name = NewName();
        using var pool = Connection.DefineStoragePool(new StoragePoolDefinition { Name = name, TargetPath = target });
        Assert.That((pool.Name, pool.IsActive, pool.IsPersistent, pool.Autostart), Is.EqualTo((name, false, true, false)));
        Assert.That(pool.GetInfo().State, Is.EqualTo(StoragePoolState.Inactive));
        pool.Build();
        Assert.That(target, Does.Exist);
        pool.Autostart = true;
        Assert.That(pool.Autostart);
        pool.Autostart = false;
        Assert.That(pool.Autostart, Is.False);
        pool.Create();
        Assert.That(pool.IsActive);
        pool.Destroy();
        pool.Delete();
        Assert.That(target, Does.Not.Exist);
        pool.Undefine();
        Assert.That(Connection.FindStoragePool(name), Is.Null);
        Assert.That(() => pool.IsActive, Throws.TypeOf<StoragePoolNotFoundException>());
    }

    [Test]
    public void Running_pool_tells_its_size()
    {
        using var pool = NewPool();
        var info = pool.GetInfo();
        Assert.That(info.State, Is.EqualTo(StoragePoolState.Running));
        Assert.That(info.Capacity, Is.GreaterThan(0));
        Assert.That(info.Allocation + info.Available, Is.EqualTo(info.Capacity));
    }

    [Test]
    public void Unknown_pool_is_typed_or_null()
    {
        Assert.That(
            () => Connection.LookupStoragePool("no such pool"),
            Throws.TypeOf<StoragePoolNotFoundException>()
                .With.Property("Code").EqualTo(LibvirtErrorCode.NoStoragePool)
                .And.Property("Domain").EqualTo(LibvirtErrorDomain.Storage)
                .And.Property("Level").EqualTo(LibvirtErrorLevel.Error)
                .And.Property("SystemError").EqualTo(0));
        Assert.That(() => Connection.LookupStoragePool(Guid.NewGuid()), Throws.TypeOf<StoragePoolNotFoundException>());
        Assert.That(Connection.FindStoragePool("no such pool"), Is.Null);
    }

    [Test]
    public void Pool_is_found_by_name_by_uuid_and_in_the_list()
    {
        using var pool = NewPool();
        using var byName = Connection.FindStoragePool(pool.Name);
        using var byUuid = Connection.LookupStoragePool(pool.Uuid);
        Assert.That((byName!.Uuid, byUuid.Name), Is.EqualTo((pool.Uuid, pool.Name)));
        var all = Connection.ListStoragePools();
        Assert.That(all.Select(p => p.Name), Does.Contain(pool.Name));
        foreach (var one in all)
            one.Dispose();
        Assert.That(Libvirtd.Shared.Virsh("pool-list", "--all"), Does.Contain(pool.Name));
    }

    [Test]
    public void Uuid_of_the_definition_is_kept()
    {
        var uuid = Guid.NewGuid();
        using var pool = Connection.DefineStoragePool(
            new StoragePoolDefinition { Name = NewName(), Uuid = uuid, TargetPath = Libvirtd.Shared.NewPoolDirectory() });
        Assert.That(pool.Uuid, Is.EqualTo(uuid));
    }

    [Test]
    public void Transient_pool_is_gone_when_stopped()
    {
        using var pool = Connection.CreateTransientStoragePool(
            new StoragePoolDefinition { Name = NewName(), TargetPath = Path.Combine(Libvirtd.Shared.NewPoolDirectory(), "new") },
            StoragePoolCreateOptions.WithBuild);
        Assert.That((pool.IsActive, pool.IsPersistent), Is.EqualTo((true, false)));
        pool.Destroy();
        Assert.That(Connection.FindStoragePool(pool.Name), Is.Null);
    }

    [Test]
    public void Names_of_markup_and_other_scripts_come_back_as_they_were()
    {
        var name = $"<&>\"' ]]> изображение 映像 {NewName()}";
        using var pool = Connection.DefineStoragePool(
            new StoragePoolDefinition { Name = name, TargetPath = Libvirtd.Shared.NewPoolDirectory() });
        Assert.That(pool.Name, Is.EqualTo(name));
        using var found = Connection.LookupStoragePool(name);
        Assert.That(found.Uuid, Is.EqualTo(pool.Uuid));
    }

    [Test]
    public void Second_pool_of_the_name_or_broken_xml_is_refused()
    {
        using var pool = NewPool();
        var same = new StoragePoolDefinition { Name = pool.Name, TargetPath = Libvirtd.Shared.NewPoolDirectory() };
        Assert.That(
            () => Connection.DefineStoragePool(same with { Uuid = Guid.NewGuid() }),
            Throws.TypeOf<LibvirtException>().With.Property("Code").EqualTo(LibvirtErrorCode.OperationFailed));
        Assert.That(() => Connection.DefineStoragePool("<pool"), Throws.InstanceOf<LibvirtException>());
        Assert.That(
            () => Connection.DefineStoragePool("<pool type='dir'/>"),
            Throws.InstanceOf<LibvirtException>().With.Property("Domain").EqualTo(LibvirtErrorDomain.Storage));
    }

    [Test]
    public void Starting_twice_and_starting_without_a_directory_fail()
    {
        using var pool = NewPool();
        Assert.That(
            pool.Create,
            Throws.TypeOf<LibvirtException>().With.Property("Code").EqualTo(LibvirtErrorCode.OperationInvalid));
        using var lost = Connection.DefineStoragePool(
            new StoragePoolDefinition { Name = NewName(), TargetPath = "/nonexistent/pool" });
        Assert.That(
            lost.Create,
            Throws.TypeOf<LibvirtException>().With.Property("SystemError").EqualTo(2));
    }

    [Test]
    public void Refresh_shows_the_files_of_others()
    {
        using var pool = NewPool();
        File.WriteAllText(Path.Combine(TargetOf(pool), "foreign"), "x");
        Assert.That(pool.FindVolume("foreign"), Is.Null);
        pool.Refresh();
        Assert.That(pool.ListVolumeNames(), Is.EqualTo(["foreign"]));
    }

    [Test]
    public void Refresh_during_an_upload_hurts_neither()
    {
        using var pool = NewPool();
        using var volume = NewVolume(pool, MiB);
        using var other = LibvirtConnection.Open(Libvirtd.Shared.Uri);
        using var same = other.LookupStoragePool(pool.Name);
        using var stream = Connection.NewStream();
        volume.Upload(stream, 0, MiB);
        stream.Send(RandomBytes(64 * KiB));
        var rest = RandomBytes(MiB - 64 * KiB, seed: 2);
        for (var sent = 0; sent < rest.Length; sent += 64 * KiB)
        {
            Assert.That(same.Refresh, Throws.Nothing);
            stream.Send(rest.AsSpan(sent, 64 * KiB));
        }

        stream.Finish();
        Assert.That(Read(Connection, volume, 64 * KiB, 0).AsSpan().SequenceEqual(rest));
    }

    [Test]
    public async Task Refresh_while_a_volume_is_copied_is_busy()
    {
        using var pool = NewPool();
        using var volume = NewVolume(pool, 64 * MiB, 64 * MiB);
        Upload(Connection, volume, 0, RandomBytes(64 * MiB));
        var copy = Task.Run(() => Libvirtd.Shared.Virsh("vol-clone", "--pool", pool.Name, volume.Name, "copy"));
        LibvirtException? error = null;
        while (error is null && !copy.IsCompleted)
            error = FailureOf(pool.Refresh);
        await copy;
        Assert.That(error, Is.TypeOf<LibvirtBusyException>());
        await TestContext.Out.WriteLineAsync($"{error!.Code} {error.Domain}: {error.Message}");
        Assert.That(pool.Refresh, Throws.Nothing);
    }

    private static LibvirtException? FailureOf(Action call)
    {
        try
        {
            call();
            return null;
        }
        catch (LibvirtException e)
        {
            return e;
        }
    }

    [Test]
    public void Disposed_pool_keeps_its_name_and_throws()
    {
        var pool = NewPool();
        var name = pool.Name;
        pool.Dispose();
        Assert.That(pool.Name, Is.EqualTo(name));
        Assert.That(pool.Refresh, Throws.TypeOf<ObjectDisposedException>());
    }
}
