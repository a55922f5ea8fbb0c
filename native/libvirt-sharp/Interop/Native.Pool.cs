using System.Runtime.InteropServices;

namespace LibvirtSharp.Interop;

/// <content>Storage pools: libvirt/libvirt-storage.h.</content>
internal static unsafe partial class Native
{
    [LibraryImport(Library, EntryPoint = "virStoragePoolLookupByName", StringMarshalling = StringMarshalling.Utf8)]
    public static partial StoragePoolHandle PoolLookupByName(ConnectionHandle connection, string name);

    [LibraryImport(Library, EntryPoint = "virConnectListAllStoragePools")]
    public static partial int ListAllPools(ConnectionHandle connection, nint** pools, uint flags);

    [LibraryImport(Library, EntryPoint = "virStoragePoolDefineXML", StringMarshalling = StringMarshalling.Utf8)]
    public static partial StoragePoolHandle PoolDefineXml(ConnectionHandle connection, string xml, uint flags);

    [LibraryImport(Library, EntryPoint = "virStoragePoolFree")]
    public static partial int PoolFree(nint pool);

    [LibraryImport(Library, EntryPoint = "virStoragePoolGetName")]
    public static partial nint PoolGetName(StoragePoolHandle pool);

    [LibraryImport(Library, EntryPoint = "virStoragePoolGetUUID")]
    public static partial int PoolGetUuid(StoragePoolHandle pool, byte* uuid);

    [LibraryImport(Library, EntryPoint = "virStoragePoolBuild")]
    public static partial int PoolBuild(StoragePoolHandle pool, uint flags);

    [LibraryImport(Library, EntryPoint = "virStoragePoolCreate")]
    public static partial int PoolCreate(StoragePoolHandle pool, uint flags);

    [LibraryImport(Library, EntryPoint = "virStoragePoolDestroy")]
    public static partial int PoolDestroy(StoragePoolHandle pool);

    [LibraryImport(Library, EntryPoint = "virStoragePoolUndefine")]
    public static partial int PoolUndefine(StoragePoolHandle pool);

    [LibraryImport(Library, EntryPoint = "virStoragePoolDelete")]
    public static partial int PoolDelete(StoragePoolHandle pool, uint flags);

    [LibraryImport(Library, EntryPoint = "virStoragePoolRefresh")]
    public static partial int PoolRefresh(StoragePoolHandle pool, uint flags);

    [LibraryImport(Library, EntryPoint = "virStoragePoolIsActive")]
    public static partial int PoolIsActive(StoragePoolHandle pool);

    [LibraryImport(Library, EntryPoint = "virStoragePoolIsPersistent")]
    public static partial int PoolIsPersistent(StoragePoolHandle pool);

    [LibraryImport(Library, EntryPoint = "virStoragePoolGetAutostart")]
    public static partial int PoolGetAutostart(StoragePoolHandle pool, out int autostart);

    [LibraryImport(Library, EntryPoint = "virStoragePoolSetAutostart")]
    public static partial int PoolSetAutostart(StoragePoolHandle pool, int autostart);

    [LibraryImport(Library, EntryPoint = "virStoragePoolGetInfo")]
    public static partial int PoolGetInfo(StoragePoolHandle pool, out PoolInfo info);

    [LibraryImport(Library, EntryPoint = "virStoragePoolGetXMLDesc")]
    public static partial nint PoolGetXml(StoragePoolHandle pool, uint flags);

    /// <summary>struct _virStoragePoolInfo.</summary>
    [StructLayout(LayoutKind.Sequential)]
    public struct PoolInfo
    {
        public int State;
        public ulong Capacity;
        public ulong Allocation;
        public ulong Available;
    }
}
