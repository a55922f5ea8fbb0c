using Microsoft.Win32.SafeHandles;

namespace LibvirtSharp.Handles;

/// <summary>A reference to one of libvirt's objects; all but the connection itself keep their connection alive.</summary>
internal abstract class LibvirtHandle : SafeHandleZeroOrMinusOneIsInvalid
{
    private ConnectHandle? _parent;

    protected LibvirtHandle()
        : base(ownsHandle: true)
    {
    }

    /// <summary>The connection that this object lives on.</summary>
    internal virtual ConnectHandle Connection =>
        _parent ?? throw new InvalidOperationException("The handle has no connection yet.");

    /// <summary>Takes over a pointer that libvirt handed out by other means than a return value.</summary>
    internal static T Adopt<T>(nint pointer)
        where T : LibvirtHandle, new()
    {
        var adopted = new T();
        adopted.SetHandle(pointer);
        return adopted;
    }

    /// <summary>Holds <paramref name="parent"/> open until this handle is released.</summary>
    internal void KeepAlive(ConnectHandle parent)
    {
        var added = false;
        try
        {
            parent.DangerousAddRef(ref added);
            _parent = parent;
        }
        catch (ObjectDisposedException)
        {
            Dispose();
            throw;
        }
    }

    /// <inheritdoc/>
    protected sealed override bool ReleaseHandle()
    {
        var released = Free(handle);
        _parent?.DangerousRelease();
        return released;
    }

    /// <summary>Gives the reference back to libvirt.</summary>
    protected abstract bool Free(nint pointer);
}
