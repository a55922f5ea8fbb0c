using System.Runtime.InteropServices;
using System.Runtime.InteropServices.Marshalling;
using LibvirtSharp.Handles;

namespace LibvirtSharp.Interop;

internal static unsafe partial class NativeMethods
{
    [LibraryImport(Library, StringMarshalling = StringMarshalling.Utf8)]
    internal static partial VolumeHandle virStorageVolLookupByName(PoolHandle pool, string name);

    [LibraryImport(Library, StringMarshalling = StringMarshalling.Utf8)]
    internal static partial VolumeHandle virStorageVolLookupByKey(ConnectHandle connection, string key);

    [LibraryImport(Library, StringMarshalling = StringMarshalling.Utf8)]
    internal static partial VolumeHandle virStorageVolLookupByPath(ConnectHandle connection, string path);

    [LibraryImport(Library, StringMarshalling = StringMarshalling.Utf8)]
    internal static partial VolumeHandle virStorageVolCreateXML(PoolHandle pool, string xml, uint flags);

    [LibraryImport(Library)]
    [return: MarshalUsing(typeof(BorrowedText))]
    internal static partial string? virStorageVolGetName(VolumeHandle volume);

    [LibraryImport(Library)]
    [return: MarshalUsing(typeof(BorrowedText))]
    internal static partial string? virStorageVolGetKey(VolumeHandle volume);

    [LibraryImport(Library)]
    [return: MarshalUsing(typeof(OwnedText))]
    internal static partial string? virStorageVolGetPath(VolumeHandle volume);

    [LibraryImport(Library)]
    internal static partial int virStorageVolGetInfoFlags(VolumeHandle volume, out VolumeInfoFields info, uint flags);

    [LibraryImport(Library)]
    [return: MarshalUsing(typeof(OwnedText))]
    internal static partial string? virStorageVolGetXMLDesc(VolumeHandle volume, uint flags);

    [LibraryImport(Library)]
    internal static partial int virStorageVolDelete(VolumeHandle volume, uint flags);

    [LibraryImport(Library)]
    internal static partial int virStorageVolResize(VolumeHandle volume, ulong capacity, uint flags);

    [LibraryImport(Library)]
    internal static partial int virStorageVolUpload(
        VolumeHandle volume, StreamHandle stream, ulong offset, ulong length, uint flags);

    [LibraryImport(Library)]
    internal static partial int virStorageVolDownload(
        VolumeHandle volume, StreamHandle stream, ulong offset, ulong length, uint flags);

    [LibraryImport(Library)]
    internal static partial int virStorageVolFree(nint volume);
}
