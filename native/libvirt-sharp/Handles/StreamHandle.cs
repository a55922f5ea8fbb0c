using LibvirtSharp.Interop;

namespace LibvirtSharp.Handles;

/// <summary>A <c>virStreamPtr</c>, which knows whether it still owes libvirtd an abort.</summary>
internal sealed class StreamHandle : LibvirtHandle
{
    private volatile bool _transferring;

    /// <summary>A transfer has begun and was neither finished nor aborted.</summary>
    internal bool Transferring
    {
        get => _transferring;
        set => _transferring = value;
    }

    /// <inheritdoc/>
    protected override bool Free(nint pointer)
    {
        // Without an abort libvirtd keeps the transfer's thread and file for as long as the connection lives.
        if (_transferring)
            _ = NativeMethods.virStreamAbortReleased(pointer);
        return NativeMethods.virStreamFree(pointer) == 0;
    }
}
