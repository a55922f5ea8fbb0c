using LibvirtSharp.Errors;
using LibvirtSharp.Interop;

namespace LibvirtSharp;

/// <content>Pools, and volumes found without their pool.</content>
public sealed partial class LibvirtConnection
{
    /// <summary>Looks a pool up by its name (<c>virStoragePoolLookupByName</c>).</summary>
    /// <exception cref="StoragePoolNotFoundException">There is none.</exception>
    /// <exception cref="LibvirtException">libvirt refused.</exception>
    public StoragePool LookupStoragePool(string name) =>
        new(Check.Child(NativeMethods.virStoragePoolLookupByName(Handle, ArgumentText.Checked(name)), _handle));

    /// <summary>Looks a pool up by its UUID (<c>virStoragePoolLookupByUUIDString</c>).</summary>
    /// <inheritdoc cref="LookupStoragePool(string)"/>
    public StoragePool LookupStoragePool(Guid uuid) =>
        new(Check.Child(NativeMethods.virStoragePoolLookupByUUIDString(Handle, uuid.ToString("D")), _handle));

    /// <summary>Looks a pool up by its name, null where there is none (<c>virStoragePoolLookupByName</c>).</summary>
    /// <exception cref="LibvirtException">libvirt refused.</exception>
    public StoragePool? FindStoragePool(string name)
    {
        var pool = NativeMethods.virStoragePoolLookupByName(Handle, ArgumentText.Checked(name));
        return Check.ChildUnless(pool, _handle, LibvirtErrorCode.NoStoragePool) is { } found ? new StoragePool(found) : null;
    }

    /// <summary>All pools, running or not (<c>virConnectListAllStoragePools</c>); each is the caller's to dispose of.</summary>
    /// <exception cref="LibvirtException">libvirt refused.</exception>
    public unsafe IReadOnlyList<StoragePool> ListStoragePools()
    {
        var count = Check.NotNegative(NativeMethods.virConnectListAllStoragePools(Handle, out var pools, 0), _handle);
        return NativeList.Adopt<Handles.PoolHandle, StoragePool>(pools, count, _handle, static handle => new StoragePool(handle));
    }

    /// <summary>
    /// Defines a persistent pool, or changes a pool of the same name and UUID (<c>virStoragePoolDefineXML</c>).
    /// </summary>
    /// <returns>The pool, not running yet: <see cref="StoragePool.Build()"/>, <see cref="StoragePool.Create()"/>.</returns>
    /// <exception cref="ArgumentException">A text has characters that XML cannot carry.</exception>
    /// <exception cref="LibvirtException">
    /// libvirt refused: <see cref="LibvirtErrorCode.OperationFailed"/> where another pool has this name or this target.
    /// </exception>
    public StoragePool DefineStoragePool(StoragePoolDefinition definition)
    {
        ArgumentNullException.ThrowIfNull(definition);
        return DefineStoragePool(definition.ToXml());
    }

    /// <summary>
    /// As <see cref="DefineStoragePool(StoragePoolDefinition)"/>, from libvirt's XML (libvirt.org/formatstorage.html).
    /// </summary>
    /// <inheritdoc cref="DefineStoragePool(StoragePoolDefinition)"/>
    public StoragePool DefineStoragePool(string xml) =>
        new(Check.Child(NativeMethods.virStoragePoolDefineXML(Handle, ArgumentText.Checked(xml), 0), _handle));

    /// <summary>Makes and starts a pool that is gone when it is stopped (<c>virStoragePoolCreateXML</c>).</summary>
    /// <inheritdoc cref="DefineStoragePool(StoragePoolDefinition)"/>
    public StoragePool CreateTransientStoragePool(
        StoragePoolDefinition definition, StoragePoolCreateOptions options = StoragePoolCreateOptions.None)
    {
        ArgumentNullException.ThrowIfNull(definition);
        return new(Check.Child(NativeMethods.virStoragePoolCreateXML(Handle, definition.ToXml(), (uint)options), _handle));
    }

    /// <summary>Looks a volume up by its path on the server (<c>virStorageVolLookupByPath</c>).</summary>
    /// <exception cref="StorageVolumeNotFoundException">No running pool lists it.</exception>
    /// <exception cref="LibvirtException">libvirt refused.</exception>
    public StorageVolume LookupVolumeByPath(string path) =>
        new(Check.Child(NativeMethods.virStorageVolLookupByPath(Handle, ArgumentText.Checked(path)), _handle));

    /// <summary>Looks a volume up by <see cref="StorageVolume.Key"/> (<c>virStorageVolLookupByKey</c>).</summary>
    /// <inheritdoc cref="LookupVolumeByPath"/>
    public StorageVolume LookupVolumeByKey(string key) =>
        new(Check.Child(NativeMethods.virStorageVolLookupByKey(Handle, ArgumentText.Checked(key)), _handle));
}
