using System.Runtime.InteropServices;
using CurlSharp.Errors;
using CurlSharp.Interop;

namespace CurlSharp;

/// <summary>The library, <c>libcurl.so.4</c>, itself.</summary>
public static class CurlLibrary
{
    // CURL_GLOBAL_DEFAULT: TLS and all else that libcurl sets up once.
    private const int GlobalDefault = 3;

    private static readonly Lock Gate = new();
    private static bool _ready;

    /// <summary>What is loaded: libcurl's version and those of its TLS and other libraries (<c>curl_version</c>).</summary>
    /// <exception cref="CurlNotInstalledException">The library is missing.</exception>
    /// <exception cref="CurlException">libcurl could not be initialized.</exception>
    public static string GetVersion()
    {
        EnsureReady();
        return Marshal.PtrToStringUTF8(NativeMethods.curl_version()) ?? "";
    }

    /// <summary>Loads and initializes the library, once in a process; every way into this binding comes through here.</summary>
    internal static void EnsureReady()
    {
        lock (Gate)
        {
            if (_ready)
                return;
            Require(NativeMethods.Library);
            Check.Ok(NativeMethods.curl_global_init(new CLong(GlobalDefault)));
            _ready = true;
        }
    }

    /// <summary>Throws unless <paramref name="library"/> can be loaded.</summary>
    internal static void Require(string library)
    {
        try
        {
            _ = NativeLibrary.Load(library, typeof(CurlLibrary).Assembly, DllImportSearchPath.System32);
        }
        catch (Exception e) when (e is DllNotFoundException or BadImageFormatException)
        {
            throw new CurlNotInstalledException(library, e);
        }
    }
}
