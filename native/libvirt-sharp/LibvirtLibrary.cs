using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using LibvirtSharp.Errors;
using LibvirtSharp.Interop;

namespace LibvirtSharp;

/// <summary>The client library, <c>libvirt.so.0</c>, itself.</summary>
public static unsafe class LibvirtLibrary
{
    private static readonly Lock Gate = new();
    private static bool _ready;

    /// <summary>The version of the client library (<c>virGetVersion</c>).</summary>
    /// <exception cref="LibvirtNotInstalledException">The library is missing.</exception>
    /// <exception cref="LibvirtException">libvirt could not be initialized.</exception>
    public static Version GetVersion()
    {
        EnsureReady();
        return NativeMethods.virGetVersion(out var version, null, null) < 0
            ? throw ErrorTable.Exception(NativeError.Last())
            : Decode(version);
    }

    /// <summary>Loads and initializes the library, once in a process; every way into this binding comes through here.</summary>
    internal static void EnsureReady()
    {
        lock (Gate)
        {
            if (_ready)
                return;
            Require(NativeMethods.Library);
            if (NativeMethods.virInitialize() < 0)
                throw ErrorTable.Exception(NativeError.Last());
            // libvirt's own handler prints every error to stderr; here each becomes an exception instead.
            NativeMethods.virSetErrorFunc(null, &Ignore);
            _ready = true;
        }
    }

    /// <summary>Throws unless <paramref name="library"/> can be loaded.</summary>
    internal static void Require(string library)
    {
        try
        {
            _ = NativeLibrary.Load(library, typeof(LibvirtLibrary).Assembly, DllImportSearchPath.System32);
        }
        catch (Exception e) when (e is DllNotFoundException or BadImageFormatException)
        {
            throw new LibvirtNotInstalledException(library, e);
        }
    }

    /// <summary>libvirt writes a version as major × 1,000,000 + minor × 1000 + release.</summary>
    internal static Version Decode(CULong version)
    {
        var number = (int)version.Value;
        return new Version(number / 1_000_000, number / 1000 % 1000, number % 1000);
    }

    [UnmanagedCallersOnly(CallConvs = [typeof(CallConvCdecl)])]
    private static void Ignore(void* opaque, void* error)
    {
    }
}
