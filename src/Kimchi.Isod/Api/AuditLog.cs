using Kimchi.Isod.Core.Volumes;
using Kimchi.Isod.Server;

namespace Kimchi.Isod.Api;

/// <summary>Leaves one line in the log for each call that changes something: who, what, and how it went.</summary>
internal sealed class AuditLog(RequestDelegate next, ILogger<AuditLog> logger)
{
    private const string Unknown = "?";

    public async Task InvokeAsync(HttpContext context)
    {
        // Whoever answers errors stands behind this, so that nothing is thrown.
        await next(context);
        if (context.GetEndpoint()?.Metadata.GetMetadata<AuditedCall>() is not { } audited) return;
        var entry = context.Audit();
        var name = VolumeName.Quote(entry.Name ?? context.Request.RouteValues["name"] as string ?? Unknown);
        var (pool, peer, outcome) = (VolumeName.Quote(context.Pool()), PeerCredentials.Of(context), Outcome(context, entry));
        if (entry.Url is { } url) logger.AuditedWithUrl(audited.Call, name, pool, url, peer.User, peer.Group, peer.Process, outcome);
        else logger.Audited(audited.Call, name, pool, peer.User, peer.Group, peer.Process, outcome);
    }

    private static string Outcome(HttpContext context, AuditEntry entry)
    {
        if (entry.Refusal is { } refusal) return refusal;
        return context.RequestAborted.IsCancellationRequested ? "the client went away" : "done";
    }
}
