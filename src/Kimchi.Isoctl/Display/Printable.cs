using System.Globalization;
using System.Text;

namespace Kimchi.Isoctl.Display;

/// <summary>Makes foreign text harmless: names, URLs and reasons come from servers that anybody may run.</summary>
internal static class Printable
{
    /// <summary>The text with everything that a terminal would obey, or that would turn its order round, in the form <c>\u{1B}</c>.</summary>
    public static string Escape(string text)
    {
        if (text.EnumerateRunes().All(IsHarmless)) return text;
        var escaped = new StringBuilder();
        foreach (var rune in text.EnumerateRunes())
        {
            if (IsHarmless(rune)) escaped.Append(rune);
            else escaped.Append(CultureInfo.InvariantCulture, $"\\u{{{rune.Value:X}}}");
        }

        return escaped.ToString();
    }

    // Format has the marks that turn the direction of writing; lone surrogates come as the replacement character.
    private static bool IsHarmless(Rune rune) => Rune.GetUnicodeCategory(rune) is not
        (UnicodeCategory.Control or UnicodeCategory.Format or UnicodeCategory.LineSeparator or UnicodeCategory.ParagraphSeparator
        or UnicodeCategory.OtherNotAssigned or UnicodeCategory.PrivateUse);
}
