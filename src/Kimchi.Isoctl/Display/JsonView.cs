using System.Text.Json;
using Kimchi.Isod.Contracts;

namespace Kimchi.Isoctl.Display;

/// <summary>One line of JSON for each change, for scripts.</summary>
internal sealed class JsonView(TextWriter output) : IProgressView
{
    public void Show(Download download) => output.WriteLine(JsonSerializer.Serialize(download, ApiJson.Replies.Download));

    public void Forget(Download download)
    {
        // Every line is a download, and a forgotten one is not.
    }

    public void Say(string text)
    {
        // It is about no download.
    }

    public ValueTask DisposeAsync() => ValueTask.CompletedTask;
}
