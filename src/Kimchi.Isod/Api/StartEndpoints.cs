using Kimchi.Isod.Contracts;
using Kimchi.Isod.Core.Commands;
using Kimchi.Isod.Core.Downloads;
using Kimchi.Isod.Core.Starting;

namespace Kimchi.Isod.Api;

/// <summary>The RFC's start, and ours that keeps what is there.</summary>
internal static class StartEndpoints
{
    private const string Fail = "fail";
    private const string Keep = "keep";

    public static void MapStarts(this IEndpointRouteBuilder routes)
    {
        var wire = ApiJson.Wire;
        var group = routes.MapGroup(Routes.Downloads);
        group.MapPost("", StartAsync).Describe("Starts a download", wire.StartDownloadRequest, wire.StartDownloadReply).Audited("start");
        group.MapPut(Routes.One, PutAsync)
            .Describe("Starts a download unless its image is there, or on its way", wire.StartDownloadRequest, wire.KeepDownloadReply).Audited("start");
    }

    private static async Task StartAsync(HttpContext context)
    {
        var body = await ReadAsync(context, name: null);
        var keeps = body.IfExists switch
        {
            null or Fail => false,
            Keep => true,
            _ => throw Invalid($"the field 'if_exists' must be '{Fail}' or '{Keep}'"),
        };
        var commands = context.Service<DownloadCommands>();
        var request = Request(context, body);
        var volume = keeps
            ? (await commands.KeepAsync(request, context.RequestAborted)).Volume
            : (await commands.StartAsync(request, context.RequestAborted)).Volume;
        context.Audit().Name = volume.Name;
        await context.ReplyAsync(new StartDownloadReply(volume.Name), ApiJson.Wire.StartDownloadReply);
    }

    private static async Task PutAsync(HttpContext context)
    {
        if (Routes.Calls.Contains($"/{context.Volume().Name}", StringComparer.Ordinal))
        {
            // Volumes of such names are started with POST.
            (context.Response.StatusCode, context.Response.Headers.Allow) = (StatusCodes.Status405MethodNotAllowed, HttpMethods.Post);
            return;
        }

        var body = await ReadAsync(context, context.Volume().Name);
        if (body.IfExists is not (null or Keep)) throw Invalid($"the field 'if_exists' can be '{Keep}' only, for PUT");
        var kept = await context.Service<DownloadCommands>().KeepAsync(Request(context, body), context.RequestAborted);
        var status = kept.Download is { } download ? DownloadView.StatusOf(download) : DownloadStatus.Completed;
        var reply = new KeepDownloadReply(kept.Volume.Name, kept.IsKept, status, kept.Download is { } known ? DownloadView.Describe(known) : null);
        await context.ReplyAsync(reply, ApiJson.Wire.KeepDownloadReply);
    }

    private static async Task<StartDownloadRequest> ReadAsync(HttpContext context, string? name)
    {
        var body = await RequestBody.ReadAsync(context.Request, ApiJson.Wire.StartDownloadRequest);
        context.Audit().Name = name ?? body.Name;
        context.Audit().SetUrl(body.Url);
        if (name is not null && body.Name is not null && body.Name != name) throw Invalid("the field 'name' is not the name in the path: leave it out");
        return name is null ? body : body with { Name = name };
    }

    private static StartRequest Request(HttpContext context, StartDownloadRequest body) => new(
        context.Pool(), body.Url, body.Name, ApiContext.Credentials(body.Username, body.Password), body.Checksum, body.ChecksumUrl, body.LimitRate,
        body.StartPaused)
    {
        Mirrors = body.Mirrors ?? [],
        MetalinkUrl = body.MetalinkUrl,
        Headers = body.Headers ?? new Dictionary<string, string?>(),
        Connections = body.Connections,
        SignatureUrl = body.SignatureUrl,
        Keyring = body.Keyring,
        Fingerprint = body.Fingerprint,
    };

    private static ApiException Invalid(string message) => new(400, MessageIds.Field, message);
}
