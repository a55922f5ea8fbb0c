using LibvirtSharp.Errors;
using LibvirtSharp.Handles;
using LibvirtSharp.Interop;

namespace LibvirtSharp;

/// <content>The pool's volumes.</content>
public sealed partial class StoragePool
{
    /// <summary>Looks a volume up by its name (<c>virStorageVolLookupByName</c>).</summary>
    /// <exception cref="StorageVolumeNotFoundException">
    /// The pool's list has none; files of others are seen by <see cref="Refresh"/>.
    /// </exception>
    public StorageVolume LookupVolume(string name) =>
        new(Check.Child(NativeMethods.virStorageVolLookupByName(Handle, ArgumentText.Checked(name)), _handle));

    /// <summary>Looks a volume up by its name, null where the pool's list has none (<c>virStorageVolLookupByName</c>).</summary>
    public StorageVolume? FindVolume(string name)
    {
        var volume = NativeMethods.virStorageVolLookupByName(Handle, ArgumentText.Checked(name));
        return Check.ChildUnless(volume, _handle, LibvirtErrorCode.NoStorageVolume) is { } found
            ? new StorageVolume(found)
            : null;
    }

    /// <summary>
    /// All volumes as of the last refresh (<c>virStoragePoolListAllVolumes</c>); each is the caller's to dispose of.
    /// </summary>
    public unsafe IReadOnlyList<StorageVolume> ListVolumes()
    {
        var count = Check.NotNegative(NativeMethods.virStoragePoolListAllVolumes(Handle, out var volumes, 0), _handle);
        return NativeList.Adopt<VolumeHandle, StorageVolume>(volumes, count, _handle, static handle => new StorageVolume(handle));
    }

    /// <summary>The names of all volumes as of the last refresh.</summary>
    public IReadOnlyList<string> ListVolumeNames()
    {
        var volumes = ListVolumes();
        try
        {
            return [.. volumes.Select(static volume => volume.Name)];
        }
        finally
        {
            foreach (var volume in volumes)
                volume.Dispose();
        }
    }

    /// <summary>
    /// Makes a volume (<c>virStorageVolCreateXML</c>). On filesystems with fallocate the allocation takes milliseconds, on others
    /// zeros are written, and the call blocks for as long.
    /// </summary>
    /// <exception cref="ArgumentException">A text has characters that XML cannot carry, or the mode is not octal.</exception>
    /// <exception cref="StorageVolumeExistsException">The pool's list has a volume of that name.</exception>
    /// <exception cref="NoSpaceException">The allocation does not fit; libvirt has removed the volume again.</exception>
    /// <exception cref="LibvirtException">
    /// Another refusal; <see cref="LibvirtErrorCode.OperationInvalid"/> where the pool does not run, or a file of that name lies
    /// in it that no refresh has seen yet.
    /// </exception>
    public StorageVolume CreateVolume(
        StorageVolumeDefinition definition, StorageVolumeCreateOptions options = StorageVolumeCreateOptions.None)
    {
        ArgumentNullException.ThrowIfNull(definition);
        return CreateVolume(definition.ToXml(), options);
    }

    /// <summary>As <see cref="CreateVolume(StorageVolumeDefinition, StorageVolumeCreateOptions)"/>, from libvirt's XML.</summary>
    /// <inheritdoc cref="CreateVolume(StorageVolumeDefinition, StorageVolumeCreateOptions)"/>
    public StorageVolume CreateVolume(string xml, StorageVolumeCreateOptions options = StorageVolumeCreateOptions.None) =>
        new(Check.Child(NativeMethods.virStorageVolCreateXML(Handle, ArgumentText.Checked(xml), (uint)options), _handle));
}
