using System.Net.ServerSentEvents;
using System.Runtime.CompilerServices;
using System.Text.Json;
using Kimchi.Isod.Contracts;

namespace Kimchi.Isoctl.Api;

/// <summary>One connection's stream of events.</summary>
internal static class DownloadEvents
{
    /// <summary>Reads the events of one connection until it ends.</summary>
    /// <returns>Each a list, the oldest first: the snapshot, then one download after the other.</returns>
    /// <exception cref="IsoctlException">The daemon is out of reach, or refused.</exception>
    public static async IAsyncEnumerable<(bool IsSnapshot, IReadOnlyList<Download> Downloads)> ReadAsync(
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
                        var snapshot = JsonSerializer.Deserialize(events.Current.Data, ApiJson.Wire.DownloadList)!;
                        yield return (true, [.. snapshot.Downloads.Reverse()]);
                        break;
                    case EventNames.Download:
                        yield return (false, [JsonSerializer.Deserialize(events.Current.Data, ApiJson.Wire.Download)!]);
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
