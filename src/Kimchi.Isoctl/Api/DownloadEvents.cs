using System.Net.ServerSentEvents;
using System.Runtime.CompilerServices;
using System.Text.Json;
using Kimchi.Isod.Contracts;

namespace Kimchi.Isoctl.Api;

/// <summary>One connection's stream of events.</summary>
internal static class DownloadEvents
{
    /// <summary>Reads the events of one connection until it ends.</summary>
    /// <returns>Each event: the snapshot, then one change after the other.</returns>
    /// <exception cref="IsoctlException">The daemon is out of reach, or refused.</exception>
    public static async IAsyncEnumerable<DownloadEvent> ReadAsync(
        IsodClient client, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        await using var stream = await client.OpenEventsAsync(cancellationToken);
        var events = SseParser.Create(stream).EnumerateAsync(cancellationToken).GetAsyncEnumerator(cancellationToken);
        await using (events)
        {
            while (await HasNextAsync(events))
            {
                switch (events.Current.EventType)
                {
                    case EventNames.Snapshot:
                        var snapshot = JsonSerializer.Deserialize(events.Current.Data, ApiJson.Replies.DownloadList)!;
                        yield return new SnapshotEvent([.. snapshot.Downloads.Reverse()]);
                        break;
                    case EventNames.Download:
                        yield return new ChangeEvent(JsonSerializer.Deserialize(events.Current.Data, ApiJson.Replies.Download)!);
                        break;
                    case EventNames.Forgotten:
                        yield return new ForgottenEvent(JsonSerializer.Deserialize(events.Current.Data, ApiJson.Replies.ForgottenDownload)!);
                        break;
                }
            }
        }
    }

    // A daemon that was killed says no last word.
    private static async Task<bool> HasNextAsync(IAsyncEnumerator<SseItem<string>> events)
    {
        try
        {
            return await events.MoveNextAsync();
        }
        catch (IOException)
        {
            return false;
        }
    }
}
