namespace Kimchi.Isod.Fixtures;

/// <summary>A line that a process has printed.</summary>
public sealed class LineEventArgs(string line) : EventArgs
{
    /// <summary>The line.</summary>
    public string Line { get; } = line;
}
