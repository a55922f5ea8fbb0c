using LibvirtSharp.Errors;

namespace LibvirtSharp.Tests;

public sealed class ConnectionTests : LibvirtTest
{
    [Test]
    public void Open_connection_is_alive_and_tells_its_versions()
    {
        Assert.That(Connection.IsAlive);
        Assert.That(Connection.LibraryVersion, Is.EqualTo(LibvirtLibrary.GetVersion()));
        Assert.That(Connection.ServerVersion, Is.EqualTo(Connection.LibraryVersion), "libvirtd of the same machine");
        Assert.That(Connection.Uri, Does.StartWith("storage"));
    }

    [Test]
    public void Nobody_listening_is_a_failed_connection() =>
        Assert.That(
            () => LibvirtConnection.Open("storage+unix:///system?socket=/nonexistent/libvirt-sock"),
            Throws.TypeOf<ConnectionFailedException>()
                .With.Property(nameof(LibvirtException.SystemError)).EqualTo(2)
                .And.Property(nameof(LibvirtException.IsTransient)).True);

    [Test]
    public void Uri_that_the_driver_refuses_is_no_transport_failure() =>
        Assert.That(
            () => LibvirtConnection.Open(Libvirtd.Shared.Uri.Replace("/system", "/nonsense", StringComparison.Ordinal)),
            Throws.TypeOf<LibvirtException>().With.Property("IsTransient").False);

    [Test]
    public void Nul_in_an_argument_is_refused()
    {
        Assert.That(() => LibvirtConnection.Open("test:///\0default"), Throws.ArgumentException);
        Assert.That(() => Connection.FindStoragePool("a\0b"), Throws.ArgumentException);
        Assert.That(() => Connection.FindStoragePool(null!), Throws.ArgumentNullException);
    }

    [Test]
    public void Read_only_connection_reads_and_changes_nothing()
    {
        using var pool = NewPool();
        var uri = Libvirtd.Shared.Uri.Replace("libvirt-sock", "libvirt-sock-ro", StringComparison.Ordinal);
        using var reader = LibvirtConnection.OpenReadOnly(uri);
        using var found = reader.LookupStoragePool(pool.Name);
        Assert.That(found.IsActive);
        Assert.That(
            found.Destroy,
            Throws.TypeOf<LibvirtAccessDeniedException>().With.Property("Code").EqualTo(LibvirtErrorCode.OperationDenied));
    }

    [Test]
    public void Keepalive_is_taken_by_libvirtd() => Assert.That(Connection.SetKeepAlive(10, 5));

    [Test]
    public void Disposed_connection_is_dead_and_throws()
    {
        var connection = LibvirtConnection.Open(Libvirtd.Shared.Uri);
        connection.Dispose();
        connection.Dispose();
        Assert.That(connection.IsAlive, Is.False);
        Assert.That(connection.ListStoragePools, Throws.TypeOf<ObjectDisposedException>());
        Assert.That(() => connection.ServerVersion, Throws.TypeOf<ObjectDisposedException>());
    }

    [Test]
    public void Pool_outlives_its_disposed_connection()
    {
        var connection = LibvirtConnection.Open(Libvirtd.Shared.Uri);
        using var pool = NewPool(connection, Libvirtd.Shared);
        connection.Dispose();
        Assert.That(pool.IsActive);
    }
}
