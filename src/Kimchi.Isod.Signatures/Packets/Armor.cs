using System.Text;
using Kimchi.Isod.Core.Volumes;

namespace Kimchi.Isod.Signatures.Packets;

/// <summary>Takes the armour off: packets as text between two lines (RFC 9580, section 6).</summary>
internal static class Armor
{
    private const string Begin = "-----BEGIN PGP ";
    private const string End = "-----END PGP ";
    private const int MostShown = 60;

    /// <summary>Whether that is a line of armour, as no binary packet begins.</summary>
    public static bool IsArmored(ReadOnlySpan<byte> bytes) => bytes.IndexOf("-----BEGIN PGP "u8) >= 0 && (bytes[0] & 0x80) == 0;

    /// <summary>The bytes of all blocks of a kind, one after the other. What stands around them is ignored.</summary>
    /// <param name="bytes">The text.</param>
    /// <param name="kind">Such as <c>SIGNATURE</c>.</param>
    /// <exception cref="MalformedException">There is none of them, there is one of another kind, or one that cannot be read.</exception>
    public static byte[] Decode(ReadOnlySpan<byte> bytes, string kind)
    {
        using var decoded = new MemoryStream();
        List<string>? block = null;
        var blocks = 0;
        foreach (var raw in Encoding.Latin1.GetString(bytes).Split('\n'))
        {
            var line = raw.TrimEnd(' ', '\t', '\r');
            if (block is null && line.StartsWith(Begin, StringComparison.Ordinal))
            {
                if (line != $"{Begin}{kind}-----") throw new MalformedException($"it has {VolumeName.Quote(line[..Math.Min(line.Length, MostShown)])} where '{Begin}{kind}-----' is wanted");
                block = [];
            }
            else if (block is not null && line.StartsWith(End, StringComparison.Ordinal))
            {
                if (line != $"{End}{kind}-----") throw new MalformedException("a block of it ends as another kind than it began");
                decoded.Write(DecodeBlock(block));
                block = null;
                blocks++;
            }
            else
            {
                block?.Add(line);
            }
        }

        if (block is not null) throw new MalformedException("it is cut off");
        return blocks > 0 ? decoded.ToArray() : throw new MalformedException($"it has no line '{Begin}{kind}-----'");
    }

    // Headers first, to an empty line, which is left out where there are none; the checksum at the end detects accidents, which the signature does, too.
    private static byte[] DecodeBlock(List<string> lines)
    {
        var start = lines.FindIndex(line => line.Length == 0) + 1;
        if (lines.Take(start - 1).Any(line => !line.Contains(": ", StringComparison.Ordinal) && !line.EndsWith(':'))) throw new MalformedException("its armour has a header that is none");
        var text = string.Concat(lines.Skip(start).TakeWhile(line => !line.StartsWith('=')));
        try
        {
            return Convert.FromBase64String(text);
        }
        catch (FormatException)
        {
            throw new MalformedException("its armour is damaged");
        }
    }
}
