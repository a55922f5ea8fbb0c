using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using Kimchi.Isoctl.Api;
using Kimchi.Isoctl.Display;
using Kimchi.Isod.Contracts;

namespace Kimchi.Isoctl;

/// <summary>What every command works with.</summary>
/// <param name="Client">The daemon.</param>
/// <param name="Pool">The pool that it is about.</param>
/// <param name="Form">How it answers.</param>
/// <param name="Output">For results.</param>
/// <param name="Error">For everything else.</param>
/// <param name="Cancel">Fires when the user wants no more.</param>
internal sealed record Session(
    IsodClient Client, string Pool, OutputForm Form, TextWriter Output, TextWriter Error, CancellationToken Cancel)
{
    /// <summary>Answers: JSON for scripts, else text, else nothing.</summary>
    public void Answer<T>(T reply, JsonTypeInfo<T> type, Func<T, string> describe)
    {
        if (Form is OutputForm.Json) Output.WriteLine(JsonSerializer.Serialize(reply, type));
        else if (Form is OutputForm.Text) Output.WriteLine(describe(reply));
    }

    /// <summary>Answers with a download as it is now.</summary>
    public async Task AnswerAsync(string name, Func<Download, string> describe)
    {
        if (Form is OutputForm.Quiet) return;
        Answer(await Client.GetAsync(Routes.DownloadOf(Pool, name), ApiJson.Replies.Download, Cancel), ApiJson.Replies.Download, describe);
    }

    /// <summary>Tells what went wrong.</summary>
    public void Complain(string message) => Error.WriteLine($"kimchi-isoctl: {Printable.Escape(message)}");
}

/// <summary>How a command answers.</summary>
internal enum OutputForm
{
    /// <summary>For people.</summary>
    Text,

    /// <summary>For scripts: the API's own JSON.</summary>
    Json,

    /// <summary>By the exit code alone.</summary>
    Quiet,
}
