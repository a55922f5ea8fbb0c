using System.Runtime.InteropServices;
using LibvirtSharp.Errors;

namespace LibvirtSharp.Interop;

/// <summary>Loads libvirt once, and stops it from printing its errors on the standard error output.</summary>
internal static unsafe class LibvirtLibrary
{
    private static readonly Lazy<bool> Loaded = new(Load);

    /// <summary>Makes sure that libvirt is there.</summary>
    /// <exception cref="LibvirtNotInstalledException">It is not.</exception>
    public static void Require() => _ = Loaded.Value;

    private static bool Load()
    {
        try
        {
            Native.SetErrorFunction(0, &Ignore);
            Check.Result(Native.Initialize());
            return true;
        }
        catch (DllNotFoundException e)
        {
            throw new LibvirtNotInstalledException(
                "libvirt.so.0 is not installed: install the package libvirt0 (Debian, Ubuntu) or libvirt-libs (Fedora, RHEL)", e);
        }
    }

    [UnmanagedCallersOnly]
    private static void Ignore(nint userData, Native.NativeError* error)
    {
        // Every error is thrown as an exception; the default handler would print it as well.
    }
}
