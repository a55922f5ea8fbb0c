namespace Kimchi.Isod.Core.Transfer;

/// <summary>Turns the bytes of a source into those of the image. Belongs to one thread.</summary>
internal interface IImageDecoder
{
    /// <summary>Decodes bytes that follow those before.</summary>
    /// <param name="source">Bytes of the source.</param>
    /// <returns>Bytes of the image, good until the next call; none where more of the source is needed.</returns>
    ReadOnlyMemory<byte> Decode(ReadOnlyMemory<byte> source);
}
