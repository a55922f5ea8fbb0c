using System.Text;

namespace Kimchi.Isod.Signatures.Packets;

/// <summary>A text with its signatures behind it, as in a file of <c>gpg --clear-sign</c> (RFC 9580, section 7).</summary>
/// <param name="Text">The text as it is signed, its lines ended by LF: without blanks at the ends of lines, and without the escapes. What stands
/// before and behind the message is not in it.</param>
/// <param name="Signatures">Armoured signatures.</param>
internal sealed record ClearSignedMessage(byte[] Text, byte[] Signatures)
{
    private const string Begins = "-----BEGIN PGP SIGNED MESSAGE-----";
    private const string SignatureBegins = "-----BEGIN PGP SIGNATURE-----";
    private const string SignatureEnds = "-----END PGP SIGNATURE-----";

    private static readonly char[] Blanks = [' ', '\t', '\r'];

    /// <summary>Whether there is one in a file.</summary>
    public static bool IsIn(ReadOnlySpan<byte> bytes) => FindStart(Lines(bytes)) >= 0;

    /// <summary>Reads the one message of a file.</summary>
    /// <exception cref="MalformedException">There is none, there are several, or it is damaged.</exception>
    public static ClearSignedMessage Read(ReadOnlySpan<byte> bytes)
    {
        var lines = Lines(bytes);
        var begin = FindStart(lines);
        if (begin < 0) throw new MalformedException($"it has no line '{Begins}'");
        if (FindStart(lines, begin + 1) >= 0) throw new MalformedException("it has more than one signed message");
        var text = FindText(lines, begin);
        var signature = Array.FindIndex(lines, text, line => line.TrimEnd(Blanks) == SignatureBegins);
        var end = signature < 0 ? -1 : Array.FindIndex(lines, signature, line => line.TrimEnd(Blanks) == SignatureEnds);
        if (end < 0) throw new MalformedException("it is cut off");
        var signed = lines[text..signature].Select(Unescape);
        return new ClearSignedMessage(
            Encoding.Latin1.GetBytes(string.Join('\n', signed)), Encoding.Latin1.GetBytes(string.Join('\n', lines[signature..(end + 1)])));
    }

    // Bytes one by one, whatever letters they are.
    private static string[] Lines(ReadOnlySpan<byte> bytes) => Encoding.Latin1.GetString(bytes).Split('\n');

    private static int FindStart(string[] lines, int from = 0) => Array.FindIndex(lines, from, line => line.TrimEnd(Blanks) == Begins);

    // Headers are not signed. Only the one that the standard has is taken, and nothing of it is used.
    private static int FindText(string[] lines, int begin)
    {
        for (var i = begin + 1; i < lines.Length; i++)
        {
            var line = lines[i].TrimEnd(Blanks);
            if (line.Length == 0) return i + 1;
            if (!line.StartsWith("Hash: ", StringComparison.Ordinal)) throw new MalformedException("it has a header other than 'Hash', which nobody has signed");
        }

        throw new MalformedException("it is cut off");
    }

    private static string Unescape(string line)
    {
        var plain = line.TrimEnd(Blanks);
        if (!line.StartsWith('-')) return plain;
        if (!line.StartsWith("- ", StringComparison.Ordinal)) throw new MalformedException("a line of it begins with a dash that is not escaped");
        return plain.Length > 1 ? plain[2..] : "";
    }
}
