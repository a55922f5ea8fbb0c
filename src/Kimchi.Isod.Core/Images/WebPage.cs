using System.Text;

namespace Kimchi.Isod.Core.Images;

/// <summary>Tells a web page by its first bytes, whatever it is labelled as: WHATWG, MIME Sniffing, section 7.1.</summary>
public static class WebPage
{
    /// <summary>As many bytes as that standard looks at (section 5.2, "resource header").</summary>
    public const int MostBytes = 1445;

    // Of the standard, and others that pages of the wild begin with, of which no image does.
    private static readonly string[] Tags =
    [
        "!doctype", "html", "head", "script", "iframe", "h1", "div", "font", "table", "a", "style", "title", "b", "body", "br", "p",
        "meta", "link", "base", "form", "center", "frameset", "noscript", "h2", "h3", "img", "pre", "span", "svg", "ul",
    ];

    /// <summary>Whether a file begins as a page does: with a tag, a comment or an XML declaration, byte order marks and white space before them
    /// left out.</summary>
    /// <param name="head">Its first bytes.</param>
    public static bool Begins(ReadOnlySpan<byte> head)
    {
        var text = Read(head);
        return text.StartsWith("<!--", StringComparison.Ordinal) || text.StartsWith("<?xml", StringComparison.OrdinalIgnoreCase)
            || (text.StartsWith('<') && Tags.Any(tag => BeginsWithTag(text.AsSpan(1), tag)));
    }

    /// <summary>Whether there are bytes in it that no text has (section 3, "binary data byte").</summary>
    /// <param name="head">A file's first bytes.</param>
    public static bool IsBinary(ReadOnlySpan<byte> head) =>
        // Section 7.2: text with a byte order mark of UTF-16 has such bytes.
        !head.StartsWith<byte>([0xfe, 0xff]) && !head.StartsWith<byte>([0xff, 0xfe])
        && head.ContainsAny(BinaryBytes);

    private static System.Buffers.SearchValues<byte> BinaryBytes { get; } = System.Buffers.SearchValues.Create(
        [.. Enumerable.Range(0, 0x20).Where(b => b is not (0x09 or 0x0a or 0x0c or 0x0d or 0x1b)).Select(b => (byte)b)]);

    private static bool BeginsWithTag(ReadOnlySpan<char> text, string tag) =>
        text.StartsWith(tag, StringComparison.OrdinalIgnoreCase) && text.Length > tag.Length && text[tag.Length] is ' ' or '>' or '\t' or '\n' or '\r' or '\f' or '/';

    // White space may go on and on, as scripts leave it before their page.
    private static string Read(ReadOnlySpan<byte> head)
    {
        if (head.StartsWith<byte>([0xff, 0xfe])) return Text(Encoding.Unicode, head[2..]);
        if (head.StartsWith<byte>([0xfe, 0xff])) return Text(Encoding.BigEndianUnicode, head[2..]);
        var start = 0;
        while (start < head.Length && (" \t\r\n\f"u8.Contains(head[start]) || head[start..].StartsWith<byte>([0xef, 0xbb, 0xbf]))) start += head[start] == 0xef ? 3 : 1;
        return Text(Encoding.Latin1, head[start..]);
    }

    private static string Text(Encoding encoding, ReadOnlySpan<byte> bytes) =>
        encoding.GetString(bytes[..Math.Min(bytes.Length, MostBytes)]).TrimStart(' ', '\t', '\r', '\n', '\f', '\uFEFF');
}
