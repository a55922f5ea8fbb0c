using System.Text.Json;
using Kimchi.Isod.Fixtures;

namespace Kimchi.Isod.Integration.Tests.Cli;

/// <summary>Runs the published command line against the published daemon.</summary>
public abstract class CliTest : IsodTest
{
    private protected static Task<ToolResult> RunAsync(IsodProcess daemon, params string[] arguments) =>
        Tool.RunAsync(IsodProcess.Isoctl, arguments, "", Socket(daemon));

    private protected static (string Name, string Value) Socket(IsodProcess daemon) => ("KIMCHI_ISOD_SOCKET", daemon.Socket);

    private protected static async Task<string> RunWellAsync(IsodProcess daemon, params string[] arguments)
    {
        var result = await RunAsync(daemon, arguments);
        Assert.That(result.ExitCode, Is.Zero, result.ToString());
        return result.Output;
    }

    /// <summary>What a command printed, a line each, all of them JSON.</summary>
    private protected static IReadOnlyList<JsonElement> Json(string output) =>
        [.. output.Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(line => JsonDocument.Parse(line).RootElement)];

    private protected static string Text(JsonElement element, string key) => element.GetProperty(key).GetString()!;

    /// <summary>Waits until a command follows the daemon's events.</summary>
    private protected static Task WaitUntilWatchedAsync(IsodProcess daemon) => Patience.UntilAsync(
        async () => (await daemon.Client.GetAsync("/metrics")).Body.Contains("kimchi_isod_event_streams 1\n", StringComparison.Ordinal),
        () => "nobody opened the stream of events");

    /// <summary>A file on the server, at full speed.</summary>
    private protected static (string Name, string Source) NewSource(int size = 3_000_000)
    {
        var name = NewName();
        return (name, Nginx.AddFile(name, size));
    }
}
