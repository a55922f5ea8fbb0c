namespace Kimchi.Isod.Core.Metalinks;

/// <summary>Bytes for an XML reader, of which it gets so many at most for each of its steps: no tag, comment or text is longer.</summary>
internal sealed class BoundedInput(byte[] bytes) : MemoryStream(bytes, writable: false)
{
    private const int MostBytesOfStep = 256 * 1024;

    private long _allowed = MostBytesOfStep;

    /// <summary>Begins a step.</summary>
    public void BeginStep() => _allowed = Position + MostBytesOfStep;

    // Reads into spans come here, too: those of MemoryStream do where it is derived from.
    public override int Read(byte[] buffer, int offset, int count) => Position < _allowed || Position == Length
        ? base.Read(buffer, offset, count)
        : throw Metalink.Invalid($"it has a tag, a comment or a text of more than {MostBytesOfStep} bytes");
}
