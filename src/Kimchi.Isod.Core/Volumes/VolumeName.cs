using System.Globalization;
using System.Text;
using Kimchi.Isod.Core.Errors;

namespace Kimchi.Isod.Core.Volumes;

/// <summary>The rules for names of volumes. Stricter than libvirt, which takes newlines, a leading <c>-</c> and bidi marks.</summary>
public static class VolumeName
{
    /// <summary>The longest name in bytes of UTF-8: what file systems take.</summary>
    public const int MaxBytes = 255;

    private static readonly UTF8Encoding StrictUtf8 = new(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);

    /// <summary>Why <paramref name="name"/> cannot be a volume's name, or null when it can.</summary>
    public static string? FindFault(string name)
    {
        if (name.Length == 0) return "it is empty";
        if (name.Contains('/')) return "it has a '/' in it";
        if (name[0] is '.' or '-') return $"it begins with '{name[0]}'";
        if (char.IsWhiteSpace(name[^1])) return "it ends in white space";
        if (name.EnumerateRunes().Any(IsControl)) return "it has a control character or a broken character in it";
        return ByteCount(name) > MaxBytes ? $"it has more than {MaxBytes} bytes in UTF-8" : null;
    }

    /// <summary>Lets a usable name pass.</summary>
    /// <exception cref="DownloadException">It is not one (<see cref="DownloadErrorKind.NameInvalid"/>).</exception>
    public static void Check(string name)
    {
        if (FindFault(name) is { } fault)
        {
            throw new DownloadException(
                DownloadErrorKind.NameInvalid,
                $"no volume can have the name {Quote(name)}: {fault}; give 1 to {MaxBytes} bytes such as debian-12.iso");
        }
    }

    /// <summary>The first of the names that a server gives which a volume can have, or null.</summary>
    public static string? FindUsable(IEnumerable<string> candidates) => candidates.FirstOrDefault(n => FindFault(n) is null);

    /// <summary>A name and its numbered forms. A hundred taken ones are a loop in someone's script.</summary>
    public static IEnumerable<string> Series(string name) => Enumerable.Range(0, 101).Select(n => n == 0 ? name : Numbered(name, n));

    /// <summary><c>stem-N.ext</c> for <c>stem.ext</c>, the stem cut where the whole would get too long.</summary>
    public static string Numbered(string name, int number)
    {
        var extension = Path.GetExtension(name) is { } found && ByteCount(found) < MaxBytes / 2 ? found : "";
        var stem = name[..^extension.Length];
        var ending = $"-{number.ToString(CultureInfo.InvariantCulture)}{extension}";
        while (ByteCount(stem) + ByteCount(ending) > MaxBytes) stem = WithoutLastRune(stem);
        return stem + ending;
    }

    /// <summary>A name as it may stand in a message: control characters escaped, and not endless.</summary>
    public static string Quote(string name)
    {
        var shown = new StringBuilder("'");
        foreach (var rune in name.EnumerateRunes().Take(80))
            shown.Append(IsControl(rune) ? $"\\u{rune.Value:x4}" : rune.ToString());
        return shown.Append(name.Length > 80 ? "…'" : "'").ToString();
    }

    // Rune enumeration turns lone surrogates into U+FFFD; Cf holds the bidirectional marks, Zl and Zp the line separators. The last two
    // of each plane are no characters; those of the first cannot be told to libvirt, since XML 1.0 (section 2.2) has no place for them.
    private static bool IsControl(Rune rune) => rune == Rune.ReplacementChar || (rune.Value & 0xfffe) == 0xfffe || Rune.GetUnicodeCategory(rune) is
        UnicodeCategory.Control or UnicodeCategory.Format or UnicodeCategory.LineSeparator or UnicodeCategory.ParagraphSeparator;

    private static int ByteCount(string text) => StrictUtf8.GetByteCount(text);

    private static string WithoutLastRune(string text) => text[..^(char.IsLowSurrogate(text[^1]) ? 2 : 1)];
}
