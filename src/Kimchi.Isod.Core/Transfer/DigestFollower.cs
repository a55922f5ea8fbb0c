using Kimchi.Isod.Core.Checksums;

namespace Kimchi.Isod.Core.Transfer;

/// <summary>Gives an image's digest the bytes that follow those it has, while they are stored. What comes out of turn it gets later, from the
/// volume.</summary>
/// <param name="digest">The digest; null where there is no checksum to compare with.</param>
internal sealed class DigestFollower(ImageDigest? digest) : IDisposable
{
    private readonly DigestThread? _thread = digest is null ? null : new(digest);

    /// <summary>Hands bytes over. They must not change until <see cref="Wait"/> has returned.</summary>
    /// <param name="offset">Their offset in the image.</param>
    /// <param name="bytes">The bytes.</param>
    public void Begin(long offset, ReadOnlyMemory<byte> bytes)
    {
        if (digest?.Position == offset) _thread!.Begin(bytes);
    }

    /// <summary>Waits until the bytes are in the digest.</summary>
    public void Wait() => _thread?.Wait();

    /// <summary>Ends when it has done what it has.</summary>
    public void Dispose() => _thread?.Dispose();
}
