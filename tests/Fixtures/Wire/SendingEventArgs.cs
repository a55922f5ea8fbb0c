namespace Kimchi.Isod.Fixtures.Wire;

/// <summary>How far a server is with an image.</summary>
public sealed class SendingEventArgs(string name, int position) : EventArgs
{
    /// <summary>The image's name.</summary>
    public string Name { get; } = name;

    /// <summary>The byte that it sends next; the image's length when it has sent all.</summary>
    public int Position { get; } = position;
}
