namespace Kimchi.Isod.Core.Ownership;

/// <summary>The head of an image whose publication a crash may have cut off: the kernel writes back the pages of a file in any order.</summary>
internal static class PublishedHead
{
    private const int PageSize = 4096;

    /// <summary>Whether each page is either as it was before the publication or as it is after it, and one at least is not empty.</summary>
    /// <param name="found">The start of the volume.</param>
    /// <param name="token">The token, which stood there before, with zeros behind it.</param>
    /// <param name="head">The head that was to be published.</param>
    public static bool MayBe(ReadOnlySpan<byte> found, ReadOnlySpan<byte> token, ReadOnlySpan<byte> head)
    {
        var isProven = false;
        for (var at = 0; at < head.Length; at += PageSize)
        {
            var page = Page(found, at);
            var isPublished = SamePage(page, Page(head, at));
            if (!isPublished && !SamePage(page, Page(token, at))) return false;
            isProven |= isPublished && page.IndexOfAnyExcept((byte)0) >= 0;
        }

        return isProven;
    }

    private static ReadOnlySpan<byte> Page(ReadOnlySpan<byte> bytes, int at) =>
        at >= bytes.Length ? [] : bytes.Slice(at, Math.Min(PageSize, bytes.Length - at));

    // What is missing at the end of either is zeros.
    private static bool SamePage(ReadOnlySpan<byte> one, ReadOnlySpan<byte> other)
    {
        var common = Math.Min(one.Length, other.Length);
        return one[..common].SequenceEqual(other[..common])
            && one[common..].IndexOfAnyExcept((byte)0) < 0 && other[common..].IndexOfAnyExcept((byte)0) < 0;
    }
}
