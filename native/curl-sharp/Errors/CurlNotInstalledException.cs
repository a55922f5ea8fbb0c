namespace CurlSharp.Errors;

/// <summary>libcurl cannot be loaded; the message names the packages that bring it.</summary>
public sealed class CurlNotInstalledException : Exception
{
    internal CurlNotInstalledException(string library, Exception inner)
        : base(
            $"The library {library} cannot be loaded. Install libcurl: the package libcurl4 (libcurl4t64 on newer releases) on "
            + "Debian and Ubuntu, libcurl on Fedora and RHEL, libcurl4 on openSUSE.",
            inner)
        => Library = library;

    /// <summary>The file name that the dynamic loader was asked for.</summary>
    public string Library { get; }
}
