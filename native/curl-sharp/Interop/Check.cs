using System.Runtime.InteropServices;
using CurlSharp.Errors;

namespace CurlSharp.Interop;

/// <summary>One check for each of libcurl's conventions.</summary>
internal static class Check
{
    /// <summary>A <c>CURLcode</c> that must be 0.</summary>
    internal static void Ok(CurlCode code)
    {
        if (code != CurlCode.Ok)
            throw new CurlException(code, $"libcurl refuses: {Text(NativeMethods.curl_easy_strerror(code))}");
    }

    /// <summary>A <c>CURLMcode</c> that must be 0.</summary>
    internal static void MultiOk(int code)
    {
        if (code != 0)
            throw new CurlException(CurlCode.OutOfMemory, $"libcurl's multi interface refuses: {Text(NativeMethods.curl_multi_strerror(code))}");
    }

    /// <summary>A handle that must be one.</summary>
    internal static T Made<T>(T handle)
        where T : SafeHandle =>
        handle.IsInvalid ? throw new CurlException(CurlCode.OutOfMemory, "libcurl made no handle: out of memory") : handle;

    private static string Text(nint text) => Marshal.PtrToStringUTF8(text) ?? "";
}
