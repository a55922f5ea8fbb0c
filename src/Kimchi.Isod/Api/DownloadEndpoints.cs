using Kimchi.Isod.Contracts;
using Kimchi.Isod.Core.Commands;
using Kimchi.Isod.Core.State;
using Kimchi.Isod.Core.Volumes;

namespace Kimchi.Isod.Api;

/// <summary>The calls of the RFC (http://lists.ovirt.org/pipermail/kimchi-devel, 19 August 2014) that follow a start, and ours of their kind.</summary>
internal static class DownloadEndpoints
{
    public static void MapDownloads(this IEndpointRouteBuilder routes)
    {
        var wire = ApiJson.Wire;
        var group = routes.MapGroup(Routes.Downloads);
        MapChange(group, Routes.Pause, "Pauses a download: no data moves any more, all that came is stored", (m, volume) => m.PauseAsync(volume));
        MapChange(group, Routes.Resume, "Lets a paused download go on", (m, volume) => m.ResumeAsync(volume));
        MapChange(group, Routes.Cancel, "Stops a download and deletes its volume", (m, volume) => m.CancelAsync(volume));
        MapChange(group, Routes.Retry, "Lets a failed download go on from its last good byte", (m, volume) => m.RetryAsync(volume));
        group.MapPost(Routes.Limit, LimitAsync).Describe("Changes the rate of a live download", wire.LimitRequest, wire.EmptyReply).Audited("limit");
        group.MapPost(Routes.Status, StatusAsync).Describe("Tells how far a download is", wire.DownloadName, wire.DownloadStatusReply);
    }

    private static void MapChange(
        RouteGroupBuilder group, string path, string summary, Func<DownloadCommands, VolumeId, Task> change) =>
        group.MapPost(path, context => ChangeAsync(context, change)).Describe(summary, ApiJson.Wire.DownloadName, ApiJson.Wire.EmptyReply)
            .Audited(path.TrimStart('/'));

    private static async Task ChangeAsync(HttpContext context, Func<DownloadCommands, VolumeId, Task> change)
    {
        var body = await RequestBody.ReadAsync(context.Request, ApiJson.Wire.DownloadName);
        context.Audit().Name = body.Name;
        await change(context.Service<DownloadCommands>(), context.Volume(body.Name));
        await context.ReplyAsync(new EmptyReply(), ApiJson.Wire.EmptyReply);
    }

    private static async Task LimitAsync(HttpContext context)
    {
        var body = await RequestBody.ReadAsync(context.Request, ApiJson.Wire.LimitRequest);
        context.Audit().Name = body.Name;
        await context.Service<DownloadCommands>().SetLimitAsync(context.Volume(body.Name), body.LimitRate);
        await context.ReplyAsync(new EmptyReply(), ApiJson.Wire.EmptyReply);
    }

    private static async Task StatusAsync(HttpContext context)
    {
        var body = await RequestBody.ReadAsync(context.Request, ApiJson.Wire.DownloadName);
        var record = await context.Service<DownloadCommands>().GetStatusAsync(context.Volume(body.Name));
        var status = record.State is DownloadState.Paused ? DownloadStatus.Paused : DownloadStatus.Downloading;
        await context.ReplyAsync(
            new DownloadStatusReply(record.Volume.Name, status, record.ImageSize, record.StoredBytes), ApiJson.Wire.DownloadStatusReply);
    }
}
