using Kimchi.Isod.Core.Remote;

namespace Kimchi.Isod.Sources.Tests.Ftp;

/// <summary>Reads a remote file.</summary>
internal static class Reading
{
    /// <summary>Fills a buffer.</summary>
    public static async Task ExactlyAsync(IRemoteFile file, Memory<byte> buffer)
    {
        while (buffer.Length > 0)
        {
            var count = await file.ReadAsync(buffer, CancellationToken.None);
            Assert.That(count, Is.Positive, "the file ended");
            buffer = buffer[count..];
        }
    }
}
