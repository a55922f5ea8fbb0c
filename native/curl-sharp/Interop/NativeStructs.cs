using System.Runtime.InteropServices;
using CurlSharp.Errors;

namespace CurlSharp.Interop;

/// <summary><c>CURLMsg</c>: a transfer of a multi handle has ended.</summary>
[StructLayout(LayoutKind.Sequential)]
internal struct CurlMessage
{
    /// <summary>CURLMSG_DONE, the only kind there is.</summary>
    internal const int Done = 1;

    internal int Kind;
    internal nint Easy;

    /// <summary>A union with a pointer, which is why it starts on a multiple of 8.</summary>
    internal MessageResult Result;
}

/// <summary>The union in <see cref="CurlMessage"/>.</summary>
[StructLayout(LayoutKind.Explicit)]
internal struct MessageResult
{
    [FieldOffset(0)]
    internal nint Pointer;

    [FieldOffset(0)]
    internal CurlCode Code;
}

/// <summary><c>curl_blob</c>: bytes given to an option.</summary>
[StructLayout(LayoutKind.Sequential)]
internal unsafe struct CurlBlob
{
    /// <summary>CURL_BLOB_COPY: libcurl makes a copy of its own.</summary>
    internal const uint Copy = 1;

    internal void* Data;
    internal nuint Length;
    internal uint Flags;
}

/// <summary>The beginning of <c>curl_sockaddr</c>, which a <c>sockaddr</c> follows.</summary>
[StructLayout(LayoutKind.Sequential)]
internal struct CurlSocketAddress
{
    internal int Family;
    internal int Type;
    internal int Protocol;
}

/// <summary><c>curl_waitfd</c>: a socket to wait for besides libcurl's own.</summary>
[StructLayout(LayoutKind.Sequential)]
internal struct CurlWaitFd
{
    /// <summary>CURL_WAIT_POLLIN.</summary>
    internal const short Readable = 1;

    internal int Socket;
    internal short Events;
    internal short Happened;
}
