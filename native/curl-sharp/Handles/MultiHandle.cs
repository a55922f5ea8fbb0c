using CurlSharp.Interop;
using Microsoft.Win32.SafeHandles;

namespace CurlSharp.Handles;

/// <summary>A <c>CURLM *</c> that drives one transfer, whose handle it keeps alive.</summary>
internal sealed class MultiHandle : SafeHandleZeroOrMinusOneIsInvalid
{
    private EasyHandle? _easy;

    public MultiHandle()
        : base(ownsHandle: true)
    {
    }

    /// <summary>Takes on the transfer.</summary>
    internal void Add(EasyHandle easy)
    {
        var added = false;
        easy.DangerousAddRef(ref added);
        _easy = easy;
        Check.MultiOk(NativeMethods.curl_multi_add_handle(this, easy));
    }

    /// <inheritdoc/>
    protected override bool ReleaseHandle()
    {
        // The order is libcurl's: connections are closed with the multi handle, and tell the transfer's callbacks of it.
        if (_easy is not null)
            _ = NativeMethods.curl_multi_remove_handle(handle, _easy.DangerousGetHandle());
        var closed = NativeMethods.curl_multi_cleanup(handle) == 0;
        _easy?.DangerousRelease();
        return closed;
    }
}
