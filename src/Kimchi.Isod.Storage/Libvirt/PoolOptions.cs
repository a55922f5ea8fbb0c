namespace Kimchi.Isod.Storage.Libvirt;

/// <summary>Which pools are used, and how volumes are made in them: the section <c>pools</c>, and <c>downloads:allocate</c>.</summary>
public sealed record PoolOptions
{
    /// <summary>The pool that the daemon may make itself.</summary>
    public const string IsoPool = "ISO";

    /// <summary>The names of the pools that downloads may go to. Default <c>ISO</c>.</summary>
    public IReadOnlyList<string> Allowed { get; init; } = [IsoPool];

    /// <summary>Whether the pool <c>ISO</c> is made where libvirt lacks it. Default true.</summary>
    public bool CreateMissing { get; init; } = true;

    /// <summary>The directory of the pool <c>ISO</c> when it is made. Default <c>/var/lib/kimchi/isos</c>.</summary>
    public string IsoPath { get; init; } = "/var/lib/kimchi/isos";

    /// <summary>How a volume's space is taken. Default <see cref="AllocatePolicy.Auto"/>.</summary>
    public AllocatePolicy Allocate { get; init; } = AllocatePolicy.Auto;
}

/// <summary>How a volume's space is taken from its pool.</summary>
public enum AllocatePolicy
{
    /// <summary>All at once where that is quick (<see cref="FileSystems"/>) and the volume's file is seen; not at all elsewhere.</summary>
    Auto,

    /// <summary>All at once. Where the file system has no fallocate, libvirt writes zeros, for minutes.</summary>
    Full,

    /// <summary>As data arrives; the daemon's own bookkeeping keeps its promises.</summary>
    None,
}
