using LibvirtSharp.Errors;
using LibvirtSharp.Interop;

namespace LibvirtSharp;

/// <content>The volumes of a pool.</content>
public sealed unsafe partial class StoragePool
{
    /// <summary>Finds a volume: virStorageVolLookupByName.</summary>
    /// <exception cref="StorageVolumeNotFoundException">There is none of that name.</exception>
    public StorageVolume LookupVolume(string name) => new(Check.Handle(Native.VolumeLookupByName(_handle, name)));

    /// <summary>Finds a volume, or gives null when there is none of that name.</summary>
    public StorageVolume? FindVolume(string name)
    {
        try
        {
            return LookupVolume(name);
        }
        catch (StorageVolumeNotFoundException)
        {
            return null;
        }
    }

    /// <summary>All volumes: virStoragePoolListAllVolumes. The caller disposes them.</summary>
    public IReadOnlyList<StorageVolume> ListVolumes()
    {
        nint* volumes = null;
        var count = Check.Result(Native.ListAllVolumes(_handle, &volumes, 0));
        return NativeList.Take(volumes, count, static volume => new StorageVolume(new StorageVolumeHandle(volume)));
    }

    /// <summary>Creates a volume: virStorageVolCreateXML.</summary>
    /// <exception cref="StorageVolumeExistsException">There is one of that name.</exception>
    public StorageVolume CreateVolume(StorageVolumeDefinition definition) => CreateVolume(definition.ToXml());

    /// <inheritdoc cref="CreateVolume(StorageVolumeDefinition)"/>
    /// <param name="xml">The definition, as in libvirt's formatstorage.html.</param>
    public StorageVolume CreateVolume(string xml) => new(Check.Handle(Native.VolumeCreateXml(_handle, xml, 0)));
}
