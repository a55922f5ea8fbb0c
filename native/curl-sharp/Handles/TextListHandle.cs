using CurlSharp.Errors;
using CurlSharp.Interop;
using Microsoft.Win32.SafeHandles;

namespace CurlSharp.Handles;

/// <summary>A <c>curl_slist</c>.</summary>
internal sealed class TextListHandle : SafeHandleZeroOrMinusOneIsInvalid
{
    public TextListHandle()
        : base(ownsHandle: true)
    {
    }

    /// <summary>Makes a list, which has one text at least.</summary>
    /// <param name="texts">In any encoding, with no NUL byte.</param>
    internal static unsafe TextListHandle Create(IReadOnlyList<byte[]> texts)
    {
        var list = new TextListHandle();
        foreach (var text in texts)
        {
            if (text.AsSpan().Contains((byte)0))
                throw new ArgumentException("A text contains a NUL character, where C would cut it.", nameof(texts));
            nint longer;
            byte[] terminated = [.. text, 0];
            fixed (byte* first = terminated)
                longer = NativeMethods.curl_slist_append(list.handle, first);
            if (longer == 0)
            {
                list.Dispose();
                throw new CurlException(CurlCode.OutOfMemory, "libcurl made no list: out of memory");
            }

            list.SetHandle(longer);
        }

        return list;
    }

    /// <inheritdoc/>
    protected override bool ReleaseHandle()
    {
        NativeMethods.curl_slist_free_all(handle);
        return true;
    }
}
