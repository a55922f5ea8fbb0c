using Kimchi.Isod.Fixtures;

namespace LibvirtSharp.Tests;

/// <summary>What the other tests rely on.</summary>
public sealed class PrivateLibvirtdTests : LibvirtTest
{
    [Test]
    public void Two_side_by_side_know_nothing_of_each_other()
    {
        using var other = new PrivateLibvirtd();
        using var connection = LibvirtConnection.Open(other.Uri);
        using var pool = NewPool(connection, other);
        Assert.That(Connection.FindStoragePool(pool.Name), Is.Null);
        Assert.That(other.Virsh("pool-list", "--name"), Does.Contain(pool.Name));
        Assert.That(() => other.Virsh("pool-info", "none"), Throws.InvalidOperationException.With.Message.Contains("not found"));
    }

    [Test]
    public void Disposed_one_leaves_no_process_and_no_directory()
    {
        var libvirtd = new PrivateLibvirtd();
        var (process, directory) = ($"/proc/{libvirtd.ProcessId}", libvirtd.Directory);
        Assert.That(File.ReadAllText($"{process}/comm").Trim(), Is.EqualTo("libvirtd"), "unshare and sh became libvirtd");
        libvirtd.Stop();
        libvirtd.Dispose();
        Assert.That(process, Does.Not.Exist);
        Assert.That(directory, Does.Not.Exist);
    }
}
