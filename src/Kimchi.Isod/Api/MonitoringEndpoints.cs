using Kimchi.Isod.Contracts;

namespace Kimchi.Isod.Api;

/// <summary>What programs that watch the daemon ask for.</summary>
internal static class MonitoringEndpoints
{
    public static void MapMonitoring(this IEndpointRouteBuilder routes)
    {
        var wire = ApiJson.Wire;
        routes.MapGet(Routes.Events, context => context.Service<EventEndpoint>().StreamAsync(context))
            .Describe("The changes of all downloads, as server-sent events: snapshot, download, forgotten, end", "text/event-stream");
        routes.MapGet(Routes.Health, HealthAsync).Describe("Whether the daemon can do its work; 503 where it cannot", wire.HealthReply);
        routes.MapGet(Routes.Metrics, MetricsAsync).Describe("Numbers for monitoring", MetricsFormats.OpenMetricsType);
        routes.MapGet(Routes.Version, VersionAsync).Describe("What answers", wire.VersionReply);
        routes.MapGet(Routes.OpenApi, OpenApiAsync).Describe("This description", "application/json");
    }

    private static async Task HealthAsync(HttpContext context)
    {
        var health = await context.Service<HealthChecks>().RunAsync(context.RequestAborted);
        context.Response.StatusCode = health.Healthy ? StatusCodes.Status200OK : StatusCodes.Status503ServiceUnavailable;
        await context.ReplyAsync(health, ApiJson.Wire.HealthReply);
    }

    private static async Task MetricsAsync(HttpContext context)
    {
        var format = MetricsFormats.Choose(context.Request.Headers.Accept);
        var text = await context.Service<Metrics>().CollectAsync(format, context.RequestAborted);
        context.Response.ContentType = MetricsFormats.ContentTypeOf(format);
        await context.Response.WriteAsync(text, context.RequestAborted);
    }

    private static async Task VersionAsync(HttpContext context)
    {
        var libvirt = await context.Service<HealthChecks>().FindLibvirtVersionAsync(context.RequestAborted);
        await context.ReplyAsync(new VersionReply("kimchi-isod", ProductVersion.Text, libvirt), ApiJson.Wire.VersionReply);
    }

    private static async Task OpenApiAsync(HttpContext context)
    {
        context.Response.ContentType = "application/json; charset=utf-8";
        await context.Response.WriteAsync(OpenApiDocument.Create(context.Service<EndpointDataSource>()), context.RequestAborted);
    }
}
