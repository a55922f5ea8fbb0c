using System.Text.Json.Serialization.Metadata;
using Kimchi.Isod.Contracts;
using Kimchi.Isod.Core.Downloads;
using Kimchi.Isod.Core.Remote;

namespace Kimchi.Isod.Api;

/// <summary>The five calls of the RFC (http://lists.ovirt.org/pipermail/kimchi-devel, 19 August 2014), and ours beside them.</summary>
internal static class DownloadEndpoints
{
    public static void MapDownloads(this IEndpointRouteBuilder routes)
    {
        var group = routes.MapGroup(Routes.Downloads);
        group.MapPost("", StartAsync);
        group.MapPost(Routes.Pause, context => ChangeAsync(context, (m, pool, name) => m.PauseAsync(pool, name)));
        group.MapPost(Routes.Resume, context => ChangeAsync(context, (m, pool, name) => m.ResumeAsync(pool, name)));
        group.MapPost(Routes.Cancel, context => ChangeAsync(context, (m, pool, name) => m.CancelAsync(pool, name)));
        group.MapPost(Routes.Retry, context => ChangeAsync(context, (m, pool, name) => m.RetryAsync(pool, name)));
        group.MapPost(Routes.Limit, LimitAsync);
        group.MapPost(Routes.Status, StatusAsync);
    }

    private static async Task StartAsync(HttpContext context)
    {
        var body = await RequestBody.ReadAsync(context.Request, ApiJson.Wire.StartDownloadRequest);
        var credentials = body.Username is { } user ? new Credentials(user, body.Password ?? "") : null;
        if (credentials is null && body.Password is not null)
            throw new ApiException(400, MessageIds.Field, "the field 'password' needs the field 'username' beside it");
        var started = await Manager(context).StartAsync(
            new StartRequest(Pool(context), body.Url, body.Name, credentials, body.Checksum, body.ChecksumUrl, body.LimitRate),
            context.RequestAborted);
        await ReplyAsync(context, new StartDownloadReply(started.Name), ApiJson.Wire.StartDownloadReply);
    }

    private static async Task ChangeAsync(HttpContext context, Func<DownloadManager, string, string, Task> change)
    {
        var body = await RequestBody.ReadAsync(context.Request, ApiJson.Wire.DownloadName);
        await change(Manager(context), Pool(context), body.Name);
        await ReplyAsync(context, new EmptyReply(), ApiJson.Wire.EmptyReply);
    }

    private static async Task LimitAsync(HttpContext context)
    {
        var body = await RequestBody.ReadAsync(context.Request, ApiJson.Wire.LimitRequest);
        await Manager(context).SetLimitAsync(Pool(context), body.Name, body.LimitRate);
        await ReplyAsync(context, new EmptyReply(), ApiJson.Wire.EmptyReply);
    }

    private static async Task StatusAsync(HttpContext context)
    {
        var body = await RequestBody.ReadAsync(context.Request, ApiJson.Wire.DownloadName);
        var record = await Manager(context).GetStatusAsync(Pool(context), body.Name);
        var status = record.State is DownloadState.Paused ? "paused" : "downloading";
        await ReplyAsync(
            context, new DownloadStatusReply(record.Name, status, record.Size, record.Position), ApiJson.Wire.DownloadStatusReply);
    }

    private static DownloadManager Manager(HttpContext context) => context.RequestServices.GetRequiredService<DownloadManager>();

    private static string Pool(HttpContext context) => (string)context.Request.RouteValues["pool"]!;

    private static Task ReplyAsync<T>(HttpContext context, T reply, JsonTypeInfo<T> type) =>
        context.Response.WriteAsJsonAsync(reply, type, contentType: null, context.RequestAborted);
}
