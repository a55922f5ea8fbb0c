namespace Kimchi.Isod.Core.Transfer;

/// <summary>The decoder of a source that is the image itself.</summary>
internal sealed class PassThrough : IImageDecoder
{
    /// <summary>The one there is: it has no state.</summary>
    public static PassThrough Instance { get; } = new();

    /// <inheritdoc/>
    public ReadOnlyMemory<byte> Decode(ReadOnlyMemory<byte> source) => source;
}
