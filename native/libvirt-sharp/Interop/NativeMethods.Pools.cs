using System.Runtime.InteropServices;
using System.Runtime.InteropServices.Marshalling;
using LibvirtSharp.Handles;

namespace LibvirtSharp.Interop;

internal static unsafe partial class NativeMethods
{
    [LibraryImport(Library)]
    internal static partial int virConnectListAllStoragePools(ConnectHandle connection, out nint* pools, uint flags);

    [LibraryImport(Library, StringMarshalling = StringMarshalling.Utf8)]
    internal static partial PoolHandle virStoragePoolLookupByName(ConnectHandle connection, string name);

    [LibraryImport(Library, StringMarshalling = StringMarshalling.Utf8)]
    internal static partial PoolHandle virStoragePoolLookupByUUIDString(ConnectHandle connection, string uuid);

    [LibraryImport(Library)]
    internal static partial PoolHandle virStoragePoolLookupByVolume(VolumeHandle volume);

    [LibraryImport(Library, StringMarshalling = StringMarshalling.Utf8)]
    internal static partial PoolHandle virStoragePoolDefineXML(ConnectHandle connection, string xml, uint flags);

    [LibraryImport(Library, StringMarshalling = StringMarshalling.Utf8)]
    internal static partial PoolHandle virStoragePoolCreateXML(ConnectHandle connection, string xml, uint flags);

    [LibraryImport(Library)]
    internal static partial int virStoragePoolBuild(PoolHandle pool, uint flags);

    [LibraryImport(Library)]
    internal static partial int virStoragePoolCreate(PoolHandle pool, uint flags);

    [LibraryImport(Library)]
    internal static partial int virStoragePoolDestroy(PoolHandle pool);

    [LibraryImport(Library)]
    internal static partial int virStoragePoolDelete(PoolHandle pool, uint flags);

    [LibraryImport(Library)]
    internal static partial int virStoragePoolUndefine(PoolHandle pool);

    [LibraryImport(Library)]
    internal static partial int virStoragePoolRefresh(PoolHandle pool, uint flags);

    [LibraryImport(Library)]
    internal static partial int virStoragePoolFree(nint pool);

    [LibraryImport(Library)]
    [return: MarshalUsing(typeof(BorrowedText))]
    internal static partial string? virStoragePoolGetName(PoolHandle pool);

    [LibraryImport(Library)]
    internal static partial int virStoragePoolGetUUIDString(PoolHandle pool, byte* buffer);

    [LibraryImport(Library)]
    internal static partial int virStoragePoolGetInfo(PoolHandle pool, out PoolInfoFields info);

    [LibraryImport(Library)]
    [return: MarshalUsing(typeof(OwnedText))]
    internal static partial string? virStoragePoolGetXMLDesc(PoolHandle pool, uint flags);

    [LibraryImport(Library)]
    internal static partial int virStoragePoolGetAutostart(PoolHandle pool, out int autostart);

    [LibraryImport(Library)]
    internal static partial int virStoragePoolSetAutostart(PoolHandle pool, int autostart);

    [LibraryImport(Library)]
    internal static partial int virStoragePoolIsActive(PoolHandle pool);

    [LibraryImport(Library)]
    internal static partial int virStoragePoolIsPersistent(PoolHandle pool);

    [LibraryImport(Library)]
    internal static partial int virStoragePoolListAllVolumes(PoolHandle pool, out nint* volumes, uint flags);
}
