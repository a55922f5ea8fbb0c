using LibvirtSharp.Interop;

namespace LibvirtSharp.Handles;

/// <summary>A <c>virStoragePoolPtr</c>.</summary>
internal sealed class PoolHandle : LibvirtHandle
{
    /// <inheritdoc/>
    protected override bool Free(nint pointer) => NativeMethods.virStoragePoolFree(pointer) == 0;
}
