using System.Runtime.InteropServices;

namespace LibvirtSharp.Interop;

/// <content>Storage volumes: libvirt/libvirt-storage.h.</content>
internal static unsafe partial class Native
{
    [LibraryImport(Library, EntryPoint = "virStorageVolLookupByName", StringMarshalling = StringMarshalling.Utf8)]
    public static partial StorageVolumeHandle VolumeLookupByName(StoragePoolHandle pool, string name);

    [LibraryImport(Library, EntryPoint = "virStoragePoolListAllVolumes")]
    public static partial int ListAllVolumes(StoragePoolHandle pool, nint** volumes, uint flags);

    [LibraryImport(Library, EntryPoint = "virStorageVolCreateXML", StringMarshalling = StringMarshalling.Utf8)]
    public static partial StorageVolumeHandle VolumeCreateXml(StoragePoolHandle pool, string xml, uint flags);

    [LibraryImport(Library, EntryPoint = "virStorageVolFree")]
    public static partial int VolumeFree(nint volume);

    [LibraryImport(Library, EntryPoint = "virStorageVolDelete")]
    public static partial int VolumeDelete(StorageVolumeHandle volume, uint flags);

    [LibraryImport(Library, EntryPoint = "virStorageVolGetName")]
    public static partial nint VolumeGetName(StorageVolumeHandle volume);

    [LibraryImport(Library, EntryPoint = "virStorageVolGetKey")]
    public static partial nint VolumeGetKey(StorageVolumeHandle volume);

    [LibraryImport(Library, EntryPoint = "virStorageVolGetPath")]
    public static partial nint VolumeGetPath(StorageVolumeHandle volume);

    [LibraryImport(Library, EntryPoint = "virStorageVolGetInfo")]
    public static partial int VolumeGetInfo(StorageVolumeHandle volume, out VolumeInfo info);

    [LibraryImport(Library, EntryPoint = "virStorageVolGetXMLDesc")]
    public static partial nint VolumeGetXml(StorageVolumeHandle volume, uint flags);

    [LibraryImport(Library, EntryPoint = "virStorageVolResize")]
    public static partial int VolumeResize(StorageVolumeHandle volume, ulong capacity, uint flags);

    [LibraryImport(Library, EntryPoint = "virStorageVolUpload")]
    public static partial int VolumeUpload(StorageVolumeHandle volume, StreamHandle stream, ulong offset, ulong length, uint flags);

    [LibraryImport(Library, EntryPoint = "virStorageVolDownload")]
    public static partial int VolumeDownload(StorageVolumeHandle volume, StreamHandle stream, ulong offset, ulong length, uint flags);

    /// <summary>struct _virStorageVolInfo.</summary>
    [StructLayout(LayoutKind.Sequential)]
    public struct VolumeInfo
    {
        public int Type;
        public ulong Capacity;
        public ulong Allocation;
    }
}
