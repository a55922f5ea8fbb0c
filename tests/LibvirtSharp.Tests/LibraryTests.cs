using LibvirtSharp.Errors;

namespace LibvirtSharp.Tests;

public sealed class LibraryTests
{
    [Test]
    public void Missing_library_names_the_packages() =>
        Assert.That(
            () => LibvirtLibrary.Require("libvirt-that-nobody-has.so.0"),
            Throws.TypeOf<LibvirtNotInstalledException>()
                .With.Message.Contains("libvirt0").And.Message.Contains("libvirt-libs")
                .And.Property(nameof(LibvirtNotInstalledException.Library)).EqualTo("libvirt-that-nobody-has.so.0"));

    [Test]
    public void Installed_library_tells_its_version() =>
        Assert.That(LibvirtLibrary.GetVersion(), Is.GreaterThan(new Version(1, 0, 0)));

    [Test]
    public void Event_loop_started_by_many_threads_starts_once()
    {
        Assert.That(() => Parallel.For(0, 16, _ => LibvirtEventLoop.Start()), Throws.Nothing);
        Assert.That(LibvirtEventLoop.IsRunning);
    }
}
