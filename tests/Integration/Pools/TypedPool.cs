using Kimchi.Isod.Fixtures;
using Kimchi.Isod.Fixtures.Storage;

namespace Kimchi.Isod.Integration.Tests.Pools;

/// <summary>A pool <c>ISO</c> of some type, in a libvirtd of its own, which mounts and makes what it has to.</summary>
internal sealed class TypedPool : IDisposable
{
    private const int Mebibytes = 64;

    private readonly SystemTools _tools = new();
    private readonly TemporaryDirectory _directory = new("pool");
    private readonly VolumeGroup? _group;
    private readonly SmallDisk _disk = new(Mebibytes);
    private string? _loop;

    public TypedPool(string type)
    {
        if (type == "logical") _group = new VolumeGroup(_tools, Mebibytes / 4);
        _tools.Add("mount.nfs", "mount.nfs");
        Libvirtd = new PrivateLibvirtd(_tools.Path);
        try
        {
            Define(type);
            Libvirtd.Virsh("pool-start", "ISO");
        }
        catch
        {
            Dispose();
            throw;
        }
    }

    public PrivateLibvirtd Libvirtd { get; }

    /// <summary>Whether its volumes are block devices, of whole extents, which hold old data.</summary>
    public bool HasDevices => _group is not null;

    /// <summary>The first bytes of a volume, or null when there is no such volume.</summary>
    public byte[]? Read(string name, int length)
    {
        var target = _directory["volume"];
        File.Delete(target);
        var (code, _) = Libvirtd.TryVirsh("vol-download", "--pool", "ISO", name, target, "--length", $"{length}");
        return code == 0 ? File.ReadAllBytes(target) : null;
    }

    public void Dispose()
    {
        Libvirtd.TryVirsh("pool-destroy", "ISO");
        Libvirtd.Dispose();
        if (_loop is not null) ChildProcess.Run("losetup", "--detach", _loop);
        _group?.Dispose();
        _disk.Dispose();
        _directory.Dispose();
        _tools.Dispose();
    }

    private void Define(string type)
    {
        string[] source = type switch
        {
            "dir" => ["--target", _disk.Path],
            "fs" => ["--source-dev", MakeFileSystem(), "--source-format", "ext4", "--target", _directory.Make("mnt")],
            "netfs" => ["--source-host", "localhost", "--source-path", _disk.Path, "--source-format", "nfs", "--target", _directory.Make("mnt")],
            "logical" => ["--source-name", _group!.Name, "--target", "/dev/" + _group.Name],
            _ => throw new ArgumentException(type, nameof(type)),
        };
        Libvirtd.Virsh(["pool-define-as", "ISO", type, .. source]);
    }

    private string MakeFileSystem()
    {
        var backing = _directory["backing"];
        using (var file = File.Create(backing)) file.SetLength((long)Mebibytes << 20);
        ChildProcess.Run("mkfs.ext4", "-q", "-F", "-J", "size=4", backing);
        return _loop = ChildProcess.Run("losetup", "--find", "--show", backing).Trim();
    }
}
