using System.Text;

namespace CurlSharp.Tests;

/// <summary>Keeps what a transfer brings.</summary>
internal sealed class Recorder : ICurlReceiver
{
    public MemoryStream Data { get; } = new();

    public List<string> Commands { get; } = [];

    public List<string> Replies { get; } = [];

    /// <summary>How many bytes had come when each connection was closed.</summary>
    public List<long> Closings { get; } = [];

    /// <summary>What to throw when data come.</summary>
    public Exception? Failure { get; init; }

    public void OnData(ReadOnlySpan<byte> data)
    {
        if (Failure is not null) throw Failure;
        Data.Write(data);
    }

    public void OnClosing() => Closings.Add(Data.Length);

    public void OnCommand(ReadOnlySpan<byte> line) => Commands.Add(Encoding.UTF8.GetString(line).TrimEnd());

    public void OnReply(ReadOnlySpan<byte> line) => Replies.Add(Encoding.UTF8.GetString(line).TrimEnd());
}
