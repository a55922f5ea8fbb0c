using LibvirtSharp.Errors;
using LibvirtSharp.Interop;

namespace LibvirtSharp;

/// <content>Building, starting, stopping, removing.</content>
public sealed partial class StoragePool
{
    /// <summary>
    /// Makes what the pool stands on (<c>virStoragePoolBuild</c>): the directory of a dir pool, which may exist already, the
    /// filesystem of an fs pool. The pool must not be running.
    /// </summary>
    public void Build() => Build(StoragePoolBuildOptions.None);

    /// <inheritdoc cref="Build()"/>
    public void Build(StoragePoolBuildOptions options) =>
        Check.NotNegative(NativeMethods.virStoragePoolBuild(Handle, (uint)options), _handle);

    /// <summary>Starts the pool and reads its volumes (<c>virStoragePoolCreate</c>).</summary>
    /// <exception cref="LibvirtException">
    /// <see cref="LibvirtErrorCode.OperationInvalid"/> where it runs already; <see cref="LibvirtErrorCode.SystemError"/> where
    /// its target cannot be opened.
    /// </exception>
    public void Create() => Create(StoragePoolCreateOptions.None);

    /// <inheritdoc cref="Create()"/>
    public void Create(StoragePoolCreateOptions options) =>
        Check.NotNegative(NativeMethods.virStoragePoolCreate(Handle, (uint)options), _handle);

    /// <summary>
    /// Stops the pool; data stay (<c>virStoragePoolDestroy</c>). libvirt lets uploads into it go on and calls them finished.
    /// </summary>
    public void Destroy() => Check.NotNegative(NativeMethods.virStoragePoolDestroy(Handle), _handle);

    /// <summary>Forgets a stopped, persistent pool; data stay (<c>virStoragePoolUndefine</c>).</summary>
    public void Undefine() => Check.NotNegative(NativeMethods.virStoragePoolUndefine(Handle), _handle);

    /// <summary>
    /// Removes what a stopped pool stands on (<c>virStoragePoolDelete</c>); a dir pool's directory must be empty. Cannot be
    /// undone.
    /// </summary>
    public void Delete() => Delete(StoragePoolDeleteOptions.None);

    /// <inheritdoc cref="Delete()"/>
    public void Delete(StoragePoolDeleteOptions options) =>
        Check.NotNegative(NativeMethods.virStoragePoolDelete(Handle, (uint)options), _handle);

    /// <summary>
    /// Reads the list of volumes and the sizes anew (<c>virStoragePoolRefresh</c>). A refresh that fails leaves the list empty or
    /// the pool stopped.
    /// </summary>
    /// <exception cref="LibvirtBusyException">
    /// A volume of the pool is being made or copied; an upload is no hindrance.
    /// </exception>
    public void Refresh() => Check.NotNegative(NativeMethods.virStoragePoolRefresh(Handle, 0), _handle);
}
