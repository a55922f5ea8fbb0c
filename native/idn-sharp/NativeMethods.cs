using System.Runtime.InteropServices;

// libidn2 belongs to the system; a file of that name beside the program must not be loaded in its stead.
[assembly: DefaultDllImportSearchPaths(DllImportSearchPath.System32)]
// Only blittable types and generated stubs cross the border.
[assembly: System.Runtime.CompilerServices.DisableRuntimeMarshalling]

namespace IdnSharp;

/// <summary>The raw imports, under libidn2's own names; the header is <c>idn2.h</c>.</summary>
internal static unsafe partial class NativeMethods
{
    /// <summary>The soname, unchanged since libidn2 0.1.</summary>
    internal const string Library = "libidn2.so.0";

    [LibraryImport(Library, StringMarshalling = StringMarshalling.Utf8)]
    internal static partial int idn2_lookup_u8(string name, out byte* found, int flags);

    [LibraryImport(Library)]
    internal static partial byte* idn2_strerror(int code);

    [LibraryImport(Library)]
    internal static partial void idn2_free(byte* text);
}
