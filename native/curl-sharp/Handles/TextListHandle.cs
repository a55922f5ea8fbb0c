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
    internal static TextListHandle Create(IReadOnlyList<string> texts)
    {
        var list = new TextListHandle();
        foreach (var text in texts)
        {
            var longer = NativeMethods.curl_slist_append(list.handle, text);
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
