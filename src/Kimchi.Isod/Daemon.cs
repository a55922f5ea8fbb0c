using System.Net;
using System.Reflection;
using Kimchi.Isod.Api;
using Kimchi.Isod.Configuration;
using Kimchi.Isod.Contracts;
using Kimchi.Isod.Server;
using Kimchi.Isod.Storage.State;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.AspNetCore.Server.Kestrel.Transport.Sockets;

namespace Kimchi.Isod;

/// <summary>The daemon as a whole: Kestrel on the control socket, and what answers there.</summary>
internal static class Daemon
{
    /// <summary>The version, from the one place that has it: Directory.Build.props.</summary>
    public static string Version { get; } =
        typeof(Daemon).Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()!.InformationalVersion;

    // systemd gives up after TimeoutStopSec; windows that are finished by then are safe in any case.
    private static readonly TimeSpan ShutdownTimeout = TimeSpan.FromSeconds(4);

    public static WebApplication Build(Settings settings, StateDirectory state)
    {
        var builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions { ApplicationName = "kimchi-isod" });
        builder.Logging.AddLog(settings.Log);
        builder.Services.AddSystemd();
        builder.Services.AddRoutingCore();
        builder.Services.Configure<HostOptions>(o => o.ShutdownTimeout = ShutdownTimeout);
        builder.Services.AddDownloads(settings, state);
        builder.WebHost.UseKestrelCore().ConfigureKestrel(kestrel => Listen(kestrel, settings.Server));
        builder.WebHost.UseSockets(sockets => sockets.CreateBoundListenSocket = endPoint => CreateSocket(endPoint, settings.Server));
        var app = builder.Build();
        app.UsePathBase(Routes.KimchiPrefix);
        app.UseMiddleware<ErrorReplies>();
        app.UseRouting();
        app.MapDownloads();
        app.Lifetime.ApplicationStarted.Register(() => app.Logger.Ready(Version, settings.Server.Socket));
        return app;
    }

    private static void Listen(KestrelServerOptions kestrel, ServerOptions options)
    {
        kestrel.AddServerHeader = false;
        kestrel.Limits.MaxRequestBodySize = RequestBody.MaxBytes;
        kestrel.ListenUnixSocket(options.Socket);
    }

    private static System.Net.Sockets.Socket CreateSocket(EndPoint endPoint, ServerOptions options) =>
        endPoint is UnixDomainSocketEndPoint unix
            ? ControlSocket.Bind(unix, options)
            : SocketTransportOptions.CreateDefaultBoundListenSocket(endPoint);
}
