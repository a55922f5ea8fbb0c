namespace LibvirtSharp.Errors;

/// <summary>The client library of libvirt cannot be loaded; the message names the packages that bring it.</summary>
public sealed class LibvirtNotInstalledException : Exception
{
    internal LibvirtNotInstalledException(string library, Exception inner)
        : base(
            $"The library {library} cannot be loaded. Install libvirt's client library: the package libvirt0 on Debian and "
            + "Ubuntu, libvirt-libs on Fedora, RHEL and openSUSE.",
            inner)
        => Library = library;

    /// <summary>The file name that the dynamic loader was asked for.</summary>
    public string Library { get; }
}
