using System.Runtime.InteropServices;
using System.Text;
using CurlSharp.Interop;
using Microsoft.Win32.SafeHandles;

namespace CurlSharp.Handles;

/// <summary>A <c>CURL *</c> and what its callbacks and options point to, which must outlive it.</summary>
internal sealed unsafe class EasyHandle : SafeHandleZeroOrMinusOneIsInvalid
{
    // CURL_ERROR_SIZE
    private const int ErrorSize = 256;

    private readonly List<TextListHandle> _lists = [];
    private GCHandle _callbacks;
    private byte* _error;

    public EasyHandle()
        : base(ownsHandle: true)
    {
    }

    /// <summary>libcurl's own words for what went wrong; empty when it has none.</summary>
    internal string ErrorText => _error is null ? "" : Marshal.PtrToStringUTF8((nint)_error) ?? "";

    /// <summary>The user pointer of the callbacks.</summary>
    internal nint Callbacks => GCHandle.ToIntPtr(_callbacks);

    /// <summary>Keeps the callbacks' object alive for as long as libcurl may call it, and gives libcurl a place for its words.</summary>
    internal void Prepare(TransferCallbacks callbacks)
    {
        _callbacks = GCHandle.Alloc(callbacks);
        _error = (byte*)NativeMemory.AllocZeroed(ErrorSize);
        Set(CurlOption.ErrorBuffer, (nint)_error);
    }

    internal void Set(CurlOption option, nint value) => Check.Ok(NativeMethods.curl_easy_setopt(this, option, value));

    internal void Set(CurlOption option, bool value) => Set(option, value ? 1 : 0);

    /// <summary>Sets a text, which libcurl copies.</summary>
    internal void Set(CurlOption option, string? value)
    {
        if (value is null)
            return;
        if (value.Contains('\0', StringComparison.Ordinal))
            throw new ArgumentException("The text contains a NUL character, where C would cut it.", nameof(value));
        Check.Ok(NativeMethods.curl_easy_setopt(this, option, value));
    }

    /// <summary>Sets a list of texts in UTF-8.</summary>
    internal void Set(CurlOption option, IReadOnlyList<string> values) => Set(option, [.. values.Select(Encoding.UTF8.GetBytes)]);

    /// <summary>Sets a list of bytes, which libcurl does not copy: it is kept until the handle is gone.</summary>
    internal void Set(CurlOption option, IReadOnlyList<byte[]> values)
    {
        if (values.Count == 0)
            return;
        var list = TextListHandle.Create(values);
        _lists.Add(list);
        Check.Ok(NativeMethods.curl_easy_setopt(this, option, list));
    }

    /// <summary>Sets bytes, which libcurl copies.</summary>
    internal void Set(CurlOption option, ReadOnlySpan<byte> value)
    {
        fixed (byte* data = value)
        {
            var blob = new CurlBlob { Data = data, Length = (nuint)value.Length, Flags = CurlBlob.Copy };
            Set(option, (nint)(&blob));
        }
    }

    /// <inheritdoc/>
    protected override bool ReleaseHandle()
    {
        NativeMethods.curl_easy_cleanup(handle);
        NativeMemory.Free(_error);
        foreach (var list in _lists)
            list.Dispose();
        if (_callbacks.IsAllocated)
            _callbacks.Free();
        return true;
    }
}
