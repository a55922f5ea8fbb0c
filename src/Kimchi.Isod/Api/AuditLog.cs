using Kimchi.Isod.Core.Volumes;
using Kimchi.Isod.Server;

namespace Kimchi.Isod.Api;

/// <summary>Leaves one line in the log for each call that changes something: who, what, and how it went.</summary>
internal sealed class AuditLog(RequestDelegate next, ILogger<AuditLog> logger)
{
    private const string Unknown = "?";

    public async Task InvokeAsync(HttpContext context)
    {
        var outcome = "broken off";
        try
        {
            await next(context);
            outcome = Outcome(context.Audit());
        }
        finally
        {
            if (context.GetEndpoint()?.Metadata.GetMetadata<AuditedCall>() is { } audited) Write(audited.Call, context, outcome);
        }
    }

    // A reply that nobody read changes nothing about what was done.
    private static string Outcome(AuditEntry entry) => entry.Refusal ?? (entry.IsAbandoned ? "the client went away" : "done");

    private void Write(string call, HttpContext context, string outcome)
    {
        var entry = context.Audit();
        var name = VolumeName.Quote(entry.Name ?? context.Request.RouteValues["name"] as string ?? Unknown);
        var (pool, peer) = (VolumeName.Quote(context.Pool()), PeerCredentials.Of(context));
        if (entry.Url is { } url) logger.AuditedWithUrl(call, name, pool, url, peer.User, peer.Group, peer.Process, outcome);
        else logger.Audited(call, name, pool, peer.User, peer.Group, peer.Process, outcome);
    }
}
