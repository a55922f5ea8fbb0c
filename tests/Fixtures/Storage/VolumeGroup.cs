namespace Kimchi.Isod.Fixtures.Storage;

/// <summary>A volume group for libvirt's logical backend. libvirt and the block devices are real, LVM is a stand-in (lvm.py).</summary>
public sealed class VolumeGroup : IDisposable
{
    private static readonly string[] Tools = ["lvcreate", "lvremove", "lvs", "pvs", "lvchange", "vgs", "vgchange", "vgscan"];

    private readonly SystemTools _tools;

    /// <summary>Makes it of so many extents of 4 MiB, and its tools with it.</summary>
    public VolumeGroup(SystemTools tools, int extents)
    {
        _tools = tools;
        tools.Add("lvm.py", Tools);
        Directory.CreateDirectory(Path.Combine(tools.State, Name));
        File.WriteAllText(Path.Combine(tools.State, Name, "extents"), $"{extents}");
        Directory.CreateDirectory("/dev/" + Name);
    }

    /// <summary>Its name, which no other has.</summary>
    public string Name { get; } = $"isod-{Guid.NewGuid():N}"[..13];

    /// <summary>Gives its loop devices back.</summary>
    public void Dispose()
    {
        foreach (var link in Directory.GetFiles("/dev/" + Name)) ChildProcess.Run(Path.Combine(_tools.Path, "lvremove"), "-f", link);
        Directory.Delete("/dev/" + Name);
    }
}
