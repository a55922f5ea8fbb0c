namespace IdnSharp;

/// <summary>libidn2 is missing on this machine.</summary>
public sealed class IdnNotInstalledException : Exception
{
    /// <summary>Names the packages.</summary>
    /// <param name="inner">What the loader said.</param>
    public IdnNotInstalledException(Exception inner)
        : base($"{NativeMethods.Library} cannot be loaded: install libidn2-0 (Debian, Ubuntu) or libidn2 (Fedora, RHEL)", inner)
    {
    }
}
