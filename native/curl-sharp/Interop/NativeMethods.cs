using System.Runtime.InteropServices;
using CurlSharp.Errors;
using CurlSharp.Handles;

// libcurl belongs to the system; a file of that name beside the program must not be loaded in its stead.
[assembly: DefaultDllImportSearchPaths(DllImportSearchPath.System32)]
// Only blittable types and generated stubs cross the border.
[assembly: System.Runtime.CompilerServices.DisableRuntimeMarshalling]

namespace CurlSharp.Interop;

/// <summary>The raw imports, under libcurl's own names; the headers are <c>curl/curl.h</c>, <c>easy.h</c> and <c>multi.h</c>.</summary>
/// <remarks>
/// <c>curl_easy_setopt</c> and <c>curl_easy_getinfo</c> are variadic in C. On Linux (x86-64 and arm64) a pointer-sized argument goes
/// where a named one would, so that they can be called like this; not so on Apple's arm64.
/// </remarks>
internal static unsafe partial class NativeMethods
{
    /// <summary>The soname, unchanged since libcurl 7.16.</summary>
    internal const string Library = "libcurl.so.4";

    [LibraryImport(Library)]
    internal static partial CurlCode curl_global_init(CLong flags);

    [LibraryImport(Library)]
    internal static partial nint curl_version();

    [LibraryImport(Library)]
    internal static partial nint curl_easy_strerror(CurlCode code);

    [LibraryImport(Library)]
    internal static partial EasyHandle curl_easy_init();

    [LibraryImport(Library)]
    internal static partial CurlCode curl_easy_setopt(EasyHandle easy, CurlOption option, nint value);

    [LibraryImport(Library, StringMarshalling = StringMarshalling.Utf8)]
    internal static partial CurlCode curl_easy_setopt(EasyHandle easy, CurlOption option, string value);

    [LibraryImport(Library)]
    internal static partial CurlCode curl_easy_setopt(EasyHandle easy, CurlOption option, TextListHandle value);

    [LibraryImport(Library)]
    internal static partial CurlCode curl_easy_getinfo(EasyHandle easy, CurlInfo info, out CLong value);

    [LibraryImport(Library)]
    internal static partial void curl_easy_cleanup(nint easy);

    [LibraryImport(Library)]
    internal static partial MultiHandle curl_multi_init();

    [LibraryImport(Library)]
    internal static partial int curl_multi_add_handle(MultiHandle multi, EasyHandle easy);

    [LibraryImport(Library)]
    internal static partial int curl_multi_remove_handle(nint multi, nint easy);

    [LibraryImport(Library)]
    internal static partial int curl_multi_perform(MultiHandle multi, out int running);

    [LibraryImport(Library)]
    internal static partial int curl_multi_poll(MultiHandle multi, CurlWaitFd* more, uint count, int milliseconds, int* ready);

    [LibraryImport(Library)]
    internal static partial int curl_multi_wakeup(MultiHandle multi);

    [LibraryImport(Library)]
    internal static partial CurlMessage* curl_multi_info_read(MultiHandle multi, out int left);

    [LibraryImport(Library)]
    internal static partial int curl_multi_cleanup(nint multi);

    [LibraryImport(Library)]
    internal static partial nint curl_multi_strerror(int code);

    [LibraryImport(Library)]
    internal static partial nint curl_slist_append(nint list, byte* text);

    [LibraryImport(Library)]
    internal static partial void curl_slist_free_all(nint list);

    [LibraryImport("libc", EntryPoint = "socket", SetLastError = true)]
    internal static partial int Socket(int family, int type, int protocol);

    [LibraryImport("libc", EntryPoint = "shutdown")]
    internal static partial int Shutdown(int socket, int how);

    [LibraryImport("libc", EntryPoint = "close")]
    internal static partial int Close(int socket);
}
