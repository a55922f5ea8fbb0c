using Kimchi.Isod.Fixtures;

namespace LibvirtSharp.Tests;

/// <summary>A connection for each test, with helpers for pools and bytes.</summary>
public abstract class LibvirtTest
{
    private protected const int KiB = 1024;
    private protected const int MiB = 1024 * KiB;

    private protected LibvirtConnection Connection { get; private set; } = null!;

    [SetUp]
    public void Connect() => Connection = LibvirtConnection.Open(Libvirtd.Shared.Uri);

    [TearDown]
    public void Disconnect() => Connection.Dispose();

    private protected static string NewName() => $"t-{Guid.NewGuid():N}";

    private protected static byte[] RandomBytes(int count, int seed = 1)
    {
        var bytes = new byte[count];
        new Random(seed).NextBytes(bytes);
        return bytes;
    }

    private protected StoragePool NewPool() => NewPool(Connection, Libvirtd.Shared);

    private protected static StoragePool NewPool(LibvirtConnection connection, PrivateLibvirtd libvirtd)
    {
        var pool = connection.DefineStoragePool(
            new StoragePoolDefinition { Name = NewName(), TargetPath = libvirtd.NewPoolDirectory() });
        pool.Create();
        return pool;
    }

    private protected static string TargetOf(StoragePool pool) =>
        System.Xml.Linq.XElement.Parse(pool.GetXml()).Element("target")!.Element("path")!.Value;

    private protected static StorageVolume NewVolume(StoragePool pool, ulong capacity, ulong? allocation = 0) =>
        pool.CreateVolume(
            new StorageVolumeDefinition { Name = NewName(), Capacity = capacity, Allocation = allocation, Format = "raw" });

    private protected static void Upload(
        LibvirtConnection connection, StorageVolume volume, ulong offset, ReadOnlySpan<byte> bytes)
    {
        using var stream = connection.NewStream();
        volume.Upload(stream, offset, (ulong)bytes.Length);
        stream.Send(bytes);
        stream.Finish();
    }

    private protected static byte[] Read(LibvirtConnection connection, StorageVolume volume, ulong offset, ulong length)
    {
        using var stream = connection.NewStream();
        volume.Download(stream, offset, length);
        using var all = new MemoryStream();
        var buffer = new byte[64 * KiB];
        for (var count = stream.Receive(buffer); count > 0; count = stream.Receive(buffer))
            all.Write(buffer, 0, count);
        stream.Finish();
        return all.ToArray();
    }
}
