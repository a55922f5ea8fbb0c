using LibvirtSharp.Errors;
using LibvirtSharp.Interop;

namespace LibvirtSharp;

/// <content>The pools of a connection.</content>
public sealed unsafe partial class LibvirtConnection
{
    /// <summary>Finds a pool, running or not: virStoragePoolLookupByName.</summary>
    /// <exception cref="StoragePoolNotFoundException">There is none of that name.</exception>
    /// <exception cref="LibvirtException">Any other failure.</exception>
    public StoragePool LookupStoragePool(string name) => new(Check.Handle(Native.PoolLookupByName(_handle, name)));

    /// <summary>Finds a pool, or gives null when there is none of that name.</summary>
    /// <exception cref="LibvirtException">Any other failure.</exception>
    public StoragePool? FindStoragePool(string name)
    {
        try
        {
            return LookupStoragePool(name);
        }
        catch (StoragePoolNotFoundException)
        {
            return null;
        }
    }

    /// <summary>All pools, running or not: virConnectListAllStoragePools. The caller disposes them.</summary>
    /// <exception cref="LibvirtException">The call failed.</exception>
    public IReadOnlyList<StoragePool> ListStoragePools()
    {
        nint* pools = null;
        var count = Check.Result(Native.ListAllPools(_handle, &pools, 0));
        return NativeList.Take(pools, count, static pool => new StoragePool(new StoragePoolHandle(pool)));
    }

    /// <summary>Defines a pool that stays, and does not start it: virStoragePoolDefineXML.</summary>
    /// <exception cref="LibvirtException">The definition is refused.</exception>
    public StoragePool DefineStoragePool(StoragePoolDefinition definition) => DefineStoragePool(definition.ToXml());

    /// <inheritdoc cref="DefineStoragePool(StoragePoolDefinition)"/>
    /// <param name="xml">The definition, as in libvirt's formatstorage.html.</param>
    public StoragePool DefineStoragePool(string xml) => new(Check.Handle(Native.PoolDefineXml(_handle, xml, 0)));
}
