using System.Text;
using Kimchi.Isod.Core.Errors;
using Kimchi.Isod.Core.Remote;

namespace Kimchi.Isod.Core.Checksums;

/// <summary>Fetches a file of checksums.</summary>
internal static class ChecksumFile
{
    /// <summary>Fetches the bytes of a list, which are no text before they are verified.</summary>
    /// <param name="source">Where it comes from.</param>
    /// <param name="request">Its address, and the credentials for that.</param>
    /// <param name="limit">The most bytes it may have.</param>
    /// <param name="cancellationToken">Stops it.</param>
    /// <exception cref="DownloadException">It cannot be read, or is too long to be one (<see cref="DownloadErrorKind.ChecksumInvalid"/>).</exception>
    public static async Task<byte[]> FetchAsync(
        IRemoteSource source, RemoteRequest request, int limit, CancellationToken cancellationToken)
    {
        await using var file = await MirrorTries.OpenAsync(source, request, TimeProvider.System, cancellationToken);
        var bytes = await SmallFile.ReadAsync(file, limit, cancellationToken);
        if (bytes.Length <= limit) return bytes;
        throw new DownloadException(
            DownloadErrorKind.ChecksumInvalid,
            $"{request.Url} has more than {limit} bytes (downloads:max_checksum_file): it is no list of checksums");
    }

    /// <summary>The text of a list: UTF-8, but for what begins with the mark of another order (PowerShell writes UTF-16).</summary>
    public static string Decode(ReadOnlySpan<byte> bytes) =>
        bytes.StartsWith<byte>([0xff, 0xfe]) ? Encoding.Unicode.GetString(bytes[2..])
        : bytes.StartsWith<byte>([0xfe, 0xff]) ? Encoding.BigEndianUnicode.GetString(bytes[2..])
        : Encoding.UTF8.GetString(bytes);
}
