using LibvirtSharp.Interop;

namespace LibvirtSharp.Handles;

/// <summary>A <c>virStorageVolPtr</c>.</summary>
internal sealed class VolumeHandle : LibvirtHandle
{
    /// <inheritdoc/>
    protected override bool Free(nint pointer) => NativeMethods.virStorageVolFree(pointer) == 0;
}
