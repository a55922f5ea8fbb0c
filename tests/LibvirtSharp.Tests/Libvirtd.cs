using Kimchi.Isod.Fixtures;

namespace LibvirtSharp.Tests;

/// <summary>The libvirtd that the tests share; those that kill or stop one start their own.</summary>
[SetUpFixture]
public sealed class Libvirtd
{
    internal static PrivateLibvirtd Shared { get; private set; } = null!;

    [OneTimeSetUp]
    public void Start()
    {
        LibvirtEventLoop.Start();
        Shared = new PrivateLibvirtd();
    }

    [OneTimeTearDown]
    public void End() => Shared?.Dispose();
}
