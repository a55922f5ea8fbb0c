using Kimchi.Isod.Configuration;
using Microsoft.AspNetCore.Connections.Features;

namespace Kimchi.Isod.Server;

/// <summary>Closes a connection cleanly after a number of requests, so that its memory is released now and then.</summary>
internal sealed class ConnectionTurns(RequestDelegate next, ServerOptions options)
{
    private static readonly object Key = new();

    public Task InvokeAsync(HttpContext context)
    {
        if (context.Features.Get<IConnectionItemsFeature>()?.Items is { } items)
        {
            // Streams of HTTP/2 count at the same time.
            var counter = (Counter)(items.TryGetValue(Key, out var found) && found is not null ? found : items[Key] = new Counter());
            if (Interlocked.Increment(ref counter.Count) >= options.MaxConnectionRequests)
                context.Features.Get<IConnectionLifetimeNotificationFeature>()?.RequestClose();
        }

        return next(context);
    }

    private sealed class Counter
    {
        public int Count;
    }
}
