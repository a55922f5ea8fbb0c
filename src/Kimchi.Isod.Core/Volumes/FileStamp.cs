using System.Globalization;

namespace Kimchi.Isod.Core.Volumes;

/// <summary>The text of <see cref="VolumeActivity.Stamp"/>: when a file was changed, when its content was written, and its size.</summary>
public static class FileStamp
{
    private const char Separator = '-';

    /// <summary>Writes it.</summary>
    /// <param name="changed">When anything of the file was changed last, in nanoseconds since 1970. Nobody can set that.</param>
    /// <param name="modified">When its content was written last, in nanoseconds since 1970.</param>
    /// <param name="size">Its length in bytes.</param>
    public static string Of(long changed, long modified, long size) =>
        string.Create(CultureInfo.InvariantCulture, $"{changed:x}{Separator}{modified:x}{Separator}{size:x}");

    /// <summary>Whether the content is as it was, as far as the time of the last write and the size tell: libvirt changes the owner of an image
    /// that a virtual machine gets, and nothing in it.</summary>
    public static bool IsOfSameContent(string one, string other) => one == other || (ContentOf(one) is { } content && content == ContentOf(other));

    private static string? ContentOf(string stamp) => stamp.IndexOf(Separator, StringComparison.Ordinal) is > 0 and var end ? stamp[end..] : null;
}
