using System.Diagnostics.CodeAnalysis;
using Kimchi.Isod.Fixtures;

namespace Kimchi.Isod.Integration.Tests.Faults;

/// <summary>A test of storage whose pool is on a small disk of its own.</summary>
public abstract class SmallDiskTest : StorageFaultTest
{
    [SuppressMessage("Structure", "NUnit1032", Justification = "Unmount disposes it, after the daemons that use it.")]
    private protected SmallDisk Disk { get; private set; } = null!;

    [TearDown]
    public async Task Unmount()
    {
        await StopDaemons();
        Disk.Dispose();
    }

    private protected override string MakePoolDirectory()
    {
        Disk = new SmallDisk(64);
        return Directory.CreateDirectory(Path.Combine(Disk.Path, "pool")).FullName;
    }
}
