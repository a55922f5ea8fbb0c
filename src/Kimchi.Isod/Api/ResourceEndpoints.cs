using Kimchi.Isod.Contracts;
using Kimchi.Isod.Core.Commands;
using Kimchi.Isod.Core.Starting;

namespace Kimchi.Isod.Api;

/// <summary>Downloads to look at and to forget, and files to look at before they are downloads.</summary>
internal static class ResourceEndpoints
{
    public static void MapResources(this IEndpointRouteBuilder routes)
    {
        var wire = ApiJson.Wire;
        var group = routes.MapGroup(Routes.Downloads);
        group.MapGet("", ListAsync).Describe("Every download of the pool, live and finished, newest first", wire.DownloadList);
        group.MapGet(Routes.One, GetAsync).Describe("One download", wire.Download);
        group.MapDelete(Routes.One, ForgetAsync).Describe("Forgets a finished, failed or cancelled download; volumes stay").Audited("forget");
        group.MapPost(Routes.Probe, ProbeAsync).Describe("What a start would find; nothing is stored", wire.ProbeRequest, wire.ProbeReply);
    }

    private static async Task ListAsync(HttpContext context)
    {
        var snapshots = await context.Service<DownloadCommands>().ListAsync(context.Pool(), context.RequestAborted);
        await context.ReplyAsync(DownloadView.Describe(snapshots), ApiJson.Wire.DownloadList);
    }

    private static async Task GetAsync(HttpContext context)
    {
        var snapshot = await context.Service<DownloadCommands>().GetAsync(context.Volume(), context.RequestAborted);
        await context.ReplyAsync(DownloadView.Describe(snapshot), ApiJson.Wire.Download);
    }

    private static async Task ForgetAsync(HttpContext context)
    {
        await context.Service<DownloadCommands>().ForgetAsync(context.Volume(), context.RequestAborted);
        context.Response.StatusCode = StatusCodes.Status204NoContent;
    }

    private static async Task ProbeAsync(HttpContext context)
    {
        var body = await RequestBody.ReadAsync(context.Request, ApiJson.Wire.ProbeRequest);
        var request = new StartRequest(context.Pool(), body.Url, Name: null, ApiContext.Credentials(body.Username, body.Password))
        {
            Headers = body.Headers ?? new Dictionary<string, string?>(),
            Mirrors = body.Mirrors ?? [],
            MetalinkUrl = body.MetalinkUrl,
        };
        var found = await context.Service<DownloadCommands>().ProbeAsync(request, context.RequestAborted);
        var reply = new ProbeReply
        {
            Name = found.Name,
            TotalSize = found.ImageSize,
            Resumable = found.Info is { IsResumable: true, SourceSize: not null } && (found.Info.Version.IsStrong || found.Checksum is not null),
            ContentType = found.Info.ContentType,
            FinalUrl = found.Info.FinalUrl.ToString(),
            LastModified = found.Info.Version.LastModified,
            Fits = found.Fits,
            Metalink = found.IsMetalink,
            Checksum = found.Checksum?.ToString(),
            AutoChecksum = found.FoundChecksum?.ToString(),
            AutoChecksumSource = found.FoundChecksumSource,
            Mirrors = [.. found.Mirrors.Select(mirror => mirror.Url.ToString())],
        };
        await context.ReplyAsync(reply, ApiJson.Wire.ProbeReply);
    }
}
