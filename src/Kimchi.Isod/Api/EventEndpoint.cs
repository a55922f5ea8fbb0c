using Kimchi.Isod.Configuration;
using Kimchi.Isod.Contracts;
using Kimchi.Isod.Core.Downloads;
using Kimchi.Isod.Core.Watching;
using Kimchi.Isod.Server;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.AspNetCore.Server.Kestrel.Core.Features;

namespace Kimchi.Isod.Api;

/// <summary>The stream of events: one client each, who never holds up a download.</summary>
internal sealed class EventEndpoint(
    ServerOptions options, DownloadRegistry registry, DownloadFeed feed, DownloadCatalog catalog, IHostApplicationLifetime lifetime, TimeProvider time,
    ILogger<EventEndpoint> logger)
{
    // Where the configuration has no such limit, a client that is cut off still does not hold its connection for ever.
    private static readonly MinDataRate LastWordRate = new(bytesPerSecond: 240, gracePeriod: TimeSpan.FromSeconds(5));

    private int _open;

    /// <summary>How many streams are open.</summary>
    public int Open => Volatile.Read(ref _open);

    public async Task StreamAsync(HttpContext context)
    {
        try
        {
            if (Interlocked.Increment(ref _open) > options.MaxEventStreams) throw TooMany();
            await RunAsync(context);
        }
        finally
        {
            Interlocked.Decrement(ref _open);
        }
    }

    private async Task RunAsync(HttpContext context)
    {
        // Kestrel would cut off a client that stops reading for a while, and say nothing.
        SetLeastRate(context, null);
        context.Response.ContentType = "text/event-stream; charset=utf-8";
        context.Response.Headers.CacheControl = "no-store";
        var stream = new EventStream(context.Response.BodyWriter);
        using var watch = new DownloadWatch(registry, feed, catalog, stream, time);
        using var over = CancellationTokenSource.CreateLinkedTokenSource(context.RequestAborted, lifetime.ApplicationStopping);
        watch.AddSnapshot();
        try
        {
            while (await SendAsync(context, stream)) await AddSomethingAsync(watch, stream, over.Token);
            logger.StreamCutOff(options.EventPatience);
            await EndAsync(context, stream, $"nothing was read for {options.EventPatience.TotalSeconds} s (server:event_patience)");
        }
        catch (OperationCanceledException) when (lifetime.ApplicationStopping.IsCancellationRequested)
        {
            await EndAsync(context, stream, "the daemon stops");
        }
    }

    private async Task AddSomethingAsync(DownloadWatch watch, EventStream stream, CancellationToken over)
    {
        var begun = time.GetTimestamp();
        while (time.GetElapsedTime(begun) is var quiet && quiet < options.EventHeartbeat)
        {
            if (await watch.AddNextAsync(options.EventHeartbeat - quiet, over)) return;
        }

        stream.AddHeartbeat();
    }

    private async Task<bool> SendAsync(HttpContext context, EventStream stream)
    {
        var sending = stream.SendAsync(context.RequestAborted);
        try
        {
            await sending.WaitAsync(options.EventPatience, time, context.RequestAborted);
            return true;
        }
        catch (TimeoutException)
        {
            return false;
        }
    }

    // A last event, for clients that still read; Kestrel cuts off the others after a while.
    private async Task EndAsync(HttpContext context, EventStream stream, string reason)
    {
        stream.Add(EventNames.End, new StreamEnd(reason), ApiJson.Wire.StreamEnd);
        SetLeastRate(context, ControlServer.LeastRate(options) ?? LastWordRate);
        await stream.SendAsync(context.RequestAborted);
    }

    private static void SetLeastRate(HttpContext context, MinDataRate? rate)
    {
        // HTTP/2 has one rate for all streams of a connection.
        if (context.Features.Get<IHttpMinResponseDataRateFeature>() is { } feature && HttpProtocol.IsHttp11(context.Request.Protocol))
            feature.MinDataRate = rate;
    }

    private ApiException TooMany() => new(
        429, MessageIds.TooManyStreams, $"{options.MaxEventStreams} streams of events are open, the limit of server:max_event_streams; close one");
}
