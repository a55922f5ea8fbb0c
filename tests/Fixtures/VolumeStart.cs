using System.Buffers;
using System.Text;

namespace Kimchi.Isod.Fixtures;

/// <summary>What stands in a volume's first bytes while its image's head is held back: the download's token, and zeros.</summary>
public static class VolumeStart
{
    private const int TokenLength = 512;
    private const int NonceLength = 32;
    private static readonly SearchValues<byte> Hexadecimal = SearchValues.Create("0123456789abcdef"u8);
    private static readonly byte[] Words = Encoding.ASCII.GetBytes(" kimchi-isod: a download in progress, not an image yet\nhost: ");

    /// <summary>Whether the start of a volume has a token, and nothing of an image.</summary>
    public static bool IsToken(ReadOnlySpan<byte> head) =>
        head.Length > NonceLength + Words.Length
        && head[..NonceLength].IndexOfAnyExcept(Hexadecimal) < 0
        && head[NonceLength..].StartsWith(Words)
        && (head.Length <= TokenLength || head[TokenLength..].IndexOfAnyExcept((byte)0) < 0);

    /// <summary>Whether nothing of an image is there: a token, or nothing at all, as in a volume that was made a moment ago.</summary>
    public static bool HidesImage(ReadOnlySpan<byte> head) => IsToken(head) || head.IndexOfAnyExcept((byte)0) < 0;
}
