namespace Kimchi.Isod.Core.Remote;

/// <summary>Turns offsets and sizes of a source into those of the image that is made of it, and back. Nothing else does.</summary>
/// <remarks>They are the same as long as no source is encoded.</remarks>
public static class SourceMapping
{
    /// <summary>The offset in the image of a byte of the source.</summary>
    public static long ImageOffset(long sourceOffset) => sourceOffset;

    /// <summary>The offset in the source of a byte of the image.</summary>
    public static long SourceOffset(long imageOffset) => imageOffset;

    /// <summary>The size of the image that a source makes; null while nothing tells.</summary>
    public static long? ImageSize(long? sourceSize) => sourceSize;

    /// <summary>The size of the source that makes an image.</summary>
    public static long SourceSize(long imageSize) => imageSize;
}
