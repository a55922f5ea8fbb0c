using System.Globalization;
using Kimchi.Isod.Core.Checksums;
using Kimchi.Isod.Core.Signatures;

namespace Kimchi.Isod.Storage.State;

/// <summary>The signature that an image must have, and what one has proven, each as a line of words.</summary>
internal static class SignatureText
{
    private const string None = "-";

    /// <summary>Writes what is demanded: the keyring, the fingerprint, the digests, the file of signatures.</summary>
    public static string? Write(ImageSignature? signature) => signature is null ? null : string.Join(
        ' ', Uri.EscapeDataString(signature.Demand.Keyring), signature.Demand.Fingerprint ?? None,
        string.Join(',', signature.Starts.Select(start => $"{start.Algorithm}:{start.Salt}")), Convert.ToBase64String(signature.Bytes.Span));

    /// <summary>Reads what is demanded.</summary>
    /// <exception cref="FormatException">It is not what <see cref="Write(ImageSignature?)"/> gives.</exception>
    public static ImageSignature? ReadDemand(string? text)
    {
        if (text is null) return null;
        var words = Split(text, 4);
        var starts = words[2].Split(',').Select(ReadStart).ToArray();
        return new ImageSignature(new SignatureDemand(Uri.UnescapeDataString(words[0]), Read(words[1])), Convert.FromBase64String(words[3]), starts);
    }

    /// <summary>Writes what was proven: the algorithm, the fingerprint, the time, the list, the user id.</summary>
    public static string? Write(SignatureProof? proof) => proof is null ? null : string.Join(
        ' ', proof.Algorithm, proof.Fingerprint, proof.SignedAt.ToUnixTimeSeconds().ToString(CultureInfo.InvariantCulture),
        Escape(proof.ListUrl), Escape(proof.UserId));

    /// <summary>Reads what was proven.</summary>
    /// <exception cref="FormatException">It is not what <see cref="Write(SignatureProof?)"/> gives.</exception>
    public static SignatureProof? ReadProof(string? text)
    {
        if (text is null) return null;
        var words = Split(text, 5);
        var time = DateTimeOffset.FromUnixTimeSeconds(long.Parse(words[2], CultureInfo.InvariantCulture));
        return new SignatureProof(words[0], words[1], Read(words[4]), time) { ListUrl = Read(words[3]) };
    }

    private static DigestStart ReadStart(string text) => text.Split(':') is [var algorithm, var salt] && salt.All(char.IsAsciiHexDigit) && salt.Length % 2 == 0
        ? new DigestStart(Enum.Parse<ChecksumAlgorithm>(algorithm), salt)
        : throw new FormatException("a digest has its kind and its salt");

    private static string[] Split(string text, int count) =>
        text.Split(' ') is var words && words.Length == count ? words : throw new FormatException($"a signature has {count} words");

    // What begins with a mark is there, however empty.
    private static string Escape(string? text) => text is null ? None : "=" + Uri.EscapeDataString(text);

    private static string? Read(string word) => word == None ? null : Uri.UnescapeDataString(word.TrimStart('='));
}
