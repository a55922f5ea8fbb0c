namespace Kimchi.Isod.Core.Remote;

/// <summary>A remote file that is read into memory: a list of checksums, a metalink.</summary>
internal static class SmallFile
{
    /// <summary>Reads it to its end, or to the first byte that is too many.</summary>
    /// <param name="file">The file.</param>
    /// <param name="most">How many bytes it may have.</param>
    /// <param name="cancellationToken">Stops it.</param>
    /// <returns>Its bytes; more than <paramref name="most"/> of them where it has more.</returns>
    public static async Task<byte[]> ReadAsync(IRemoteFile file, int most, CancellationToken cancellationToken)
    {
        using var read = new MemoryStream();
        var buffer = new byte[64 * 1024];
        int count;
        while (read.Length <= most && (count = await file.ReadAsync(buffer, cancellationToken)) > 0)
            await read.WriteAsync(buffer.AsMemory(0, count), cancellationToken);
        return read.ToArray();
    }
}
