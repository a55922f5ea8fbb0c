using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using System.Text;

namespace Kimchi.Isod.Core.Volumes;

/// <summary>
/// The first bytes of a volume while a download fills it, in the place of the held-back head: they prove which download of which host
/// the volume was made for. Text that hexdump(1) and head(1) show, and no image of any format.
/// </summary>
/// <param name="Nonce">A random number. It stands first, so that the shortest volumes hold some of it too.</param>
/// <param name="Host">The name of the host that made the volume.</param>
/// <param name="Store">The identity of the state store that has the download's record.</param>
/// <param name="DownloadId">The record's id in that store.</param>
public sealed record VolumeToken(Guid Nonce, string Host, Guid Store, long DownloadId)
{
    /// <summary>The length in bytes: a sector, which disks write whole or not at all.</summary>
    public const int Length = 512;

    private const int NonceLength = 32;
    private const int MaxHostLength = 200;
    private const string Magic = " kimchi-isod: a download in progress, not an image yet\n";

    /// <summary>A token for a download that starts now.</summary>
    /// <param name="store">The identity of the state store.</param>
    public static VolumeToken New(Guid store) => new(Guid.NewGuid(), Printable(System.Net.Dns.GetHostName()), store, 0);

    /// <summary>The token as it stands in a volume; a volume that is shorter holds the first of these bytes.</summary>
    public byte[] ToBytes()
    {
        var bytes = new byte[Length];
        Encoding.UTF8.GetBytes(
            string.Create(CultureInfo.InvariantCulture, $"{Nonce:N}{Magic}host: {Host}\nstore: {Store:D}\ndownload: {DownloadId}\n"), bytes);
        return bytes;
    }

    /// <summary>Reads a token from the first bytes of a volume.</summary>
    /// <returns>False where they are something else.</returns>
    public static bool TryRead(ReadOnlySpan<byte> start, [NotNullWhen(true)] out VolumeToken? token)
    {
        token = null;
        if (!IsToken(start)) return false;
        var lines = Encoding.UTF8.GetString(start[..Math.Min(start.Length, Length)]).Split('\n');
        if (lines.Length < 5 || lines[0].Length < NonceLength || !Guid.TryParseExact(lines[0][..NonceLength], "N", out var nonce)
            || !Guid.TryParse(Field(lines[2], "store: "), out var store)
            || !long.TryParse(Field(lines[3], "download: "), NumberStyles.None, CultureInfo.InvariantCulture, out var id))
        {
            return false;
        }

        token = new VolumeToken(nonce, Printable(Field(lines[1], "host: ")), store, id);
        return true;
    }

    /// <summary>Whether a file begins as a volume does that some kimchi-isod fills.</summary>
    public static bool IsToken(ReadOnlySpan<byte> start) =>
        start.Length >= NonceLength + Magic.Length && start[NonceLength..].StartsWith(Encoding.UTF8.GetBytes(Magic));

    private static string Field(string line, string name) =>
        line.StartsWith(name, StringComparison.Ordinal) ? line[name.Length..] : "";

    // A foreign token's host stands in messages.
    private static string Printable(string host)
    {
        var shown = new string([.. host.Where(c => c is > ' ' and < '\u007f').Take(MaxHostLength)]);
        return shown.Length == 0 ? "unknown" : shown;
    }
}
