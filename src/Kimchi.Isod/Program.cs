using Kimchi.Isod;
using Kimchi.Isod.Api;
using Kimchi.Isod.Configuration;
using Kimchi.Isod.Contracts;
using Kimchi.Isod.Core.Commands;
using Kimchi.Isod.Core.Downloads;
using Kimchi.Isod.Core.Errors;
using Kimchi.Isod.Core.History;
using Kimchi.Isod.Core.Recovery;
using Kimchi.Isod.Core.Remote;
using Kimchi.Isod.Core.Running;
using Kimchi.Isod.Core.Segments;
using Kimchi.Isod.Core.Signatures;
using Kimchi.Isod.Core.Space;
using Kimchi.Isod.Core.Starting;
using Kimchi.Isod.Core.State;
using Kimchi.Isod.Core.Storing;
using Kimchi.Isod.Core.Transfer;
using Kimchi.Isod.Core.Volumes;
using Kimchi.Isod.Core.Watching;
using Kimchi.Isod.Server;
using Kimchi.Isod.Signatures;
using Kimchi.Isod.Sources;
using Kimchi.Isod.Storage.Libvirt;
using Kimchi.Isod.Storage.State;
using Kimchi.Isod.Systemd;
using LibvirtSharp;
using Microsoft.Extensions.Options;

// Exit codes: 0 clean stop, 1 could not run, 78 (EX_CONFIG of sysexits.h) bad configuration or arguments.
const int CannotRun = 1;
const int BadConfiguration = 78;

try
{
    var line = CommandLine.Parse(args);
    if (line.ShowHelp) return Print(CommandLine.Usage);
    if (line.ShowVersion) return Print($"kimchi-isod {ProductVersion.Text}");
    var settings = Settings.Read(SettingsLayer.Load(line, Environment.GetEnvironmentVariables()));
    if (line.CheckConfig) return Print("the configuration is good");
    using var state = StateDirectory.Hold(settings.State.Directory);
    await using var app = Compose(line, settings, state);
    // The host would log the whole stack of a store that does not open; here the message is all.
    app.Services.GetRequiredService<IDownloadStore>();
    await app.RunAsync();
    return 0;
}
catch (ConfigurationException e)
{
    foreach (var fault in e.Faults) await Console.Error.WriteLineAsync($"kimchi-isod: {fault}");
    return BadConfiguration;
}
catch (Exception e) when (e is StateStoreException or IOException or DownloadException { Kind: DownloadErrorKind.StoreFailed })
{
    await Console.Error.WriteLineAsync($"kimchi-isod: {e.Message}");
    return CannotRun;
}

static WebApplication Compose(CommandLine line, Settings settings, StateDirectory state)
{
    var builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions { ApplicationName = "kimchi-isod" });
    builder.Logging.AddLog(settings.Log);
    builder.Services.AddRoutingCore();
    // systemd gives up after TimeoutStopSec; windows that are finished by then are safe in any case.
    builder.Services.Configure<HostOptions>(host => host.ShutdownTimeout = TimeSpan.FromSeconds(4));
    var activated = ActivatedSocket.Find(Environment.GetEnvironmentVariable);
    builder.WebHost.UseControlSocket(settings.Server, activated);
    AddLogLevels(builder.Services, settings);
    AddPorts(builder.Services, settings, state);
    AddDownloads(builder.Services, settings);
    AddServiceManager(builder.Services);
    builder.Services.AddSingleton(line);
    builder.Services.AddSingleton(settings);
    builder.Services.AddSingleton(settings.Server);
    builder.Services.AddSingleton<EventEndpoint>();
    builder.Services.AddSingleton<HealthChecks>();
    builder.Services.AddSingleton<Metrics>();

    var app = builder.Build();
    app.UseRejections();
    app.UsePathBase(Routes.KimchiPrefix);
    app.UseMiddleware<ConnectionTurns>();
    app.UseMiddleware<AuditLog>();
    app.UseMiddleware<ErrorReplies>();
    app.UseRouting();
    app.MapStarts();
    app.MapDownloads();
    app.MapResources();
    app.MapMonitoring();
    app.Lifetime.ApplicationStarted.Register(() => app.Logger.Ready(
        ProductVersion.Text, activated is null ? settings.Server.Socket : "the socket that systemd gave"));
    return app;
}

static void AddPorts(IServiceCollection services, Settings settings, StateDirectory state)
{
    services.AddSingleton(TimeProvider.System);
    services.AddSingleton(settings.Downloads);
    services.AddSingleton(settings.State);
    services.AddSingleton(settings.Network);
    services.AddSingleton(settings.Trust);
    services.AddSingleton(settings.Libvirt);
    services.AddSingleton(settings.Pools);
    services.AddSingleton<IDownloadStore>(provider =>
        SqliteDownloadStore.Open(state, provider.GetRequiredService<ILogger<SqliteDownloadStore>>()));
    services.AddSingleton(new AllowedPools(settings.Pools.Allowed));
    services.AddSingleton<LibvirtPools>();
    services.AddSingleton<IVolumePools>(provider => provider.GetRequiredService<LibvirtPools>());
    services.AddSingleton<IRemoteSource, RemoteSource>();
    services.AddSingleton<ISignatureVerifier>(provider => new OpenPgpVerifier(settings.Trust.Keyrings, provider.GetRequiredService<TimeProvider>()));
}

static void AddDownloads(IServiceCollection services, Settings settings)
{
    services.AddSingleton(new RateLimit(settings.Downloads.LimitRate, TimeProvider.System));
    services.AddSingleton(new HostConnections(settings.Downloads.ConnectionsPerHost, TimeProvider.System));
    services.AddSingleton(new BufferBudget(settings.Downloads.BufferMemory));
    services.AddSingleton<DownloadStatistics>();
    services.AddSingleton(provider => new VolumeServices(
        provider.GetRequiredService<IVolumePools>(), provider.GetRequiredService<IDownloadStore>(),
        provider.GetRequiredService<ILogger<Kimchi.Isod.Core.Downloads.Download>>()));
    services.AddSingleton<DownloadFeed>();
    services.AddSingleton<IDownloadListener>(provider => provider.GetRequiredService<DownloadFeed>());
    services.AddSingleton<ISpaceClaims>(provider => provider.GetRequiredService<DownloadRegistry>());
    services.AddSingleton<PoolSpace>();
    services.AddSingleton<DownloadServices>();
    services.AddSingleton<DownloadRegistry>();
    services.AddSingleton<DownloadScheduler>();
    services.AddSingleton<DownloadStarter>();
    services.AddSingleton<KeepingStart>();
    services.AddSingleton<DownloadCatalog>();
    services.AddSingleton<DownloadProbe>();
    services.AddSingleton<Cancellation>();
    services.AddSingleton<DownloadCommands>();
    services.AddHostedService<DownloadRecovery>();
    services.AddHostedService<PoolOpener>();
    services.AddHostedService(provider => new HistoryCleaner(
        provider.GetRequiredService<IDownloadStore>(),
        (ITrustedClockStore)provider.GetRequiredService<IDownloadStore>(),
        new MachineClocks(provider.GetRequiredService<TimeProvider>()).Read,
        provider.GetRequiredService<DownloadFeed>(),
        settings.State,
        provider.GetRequiredService<TimeProvider>(),
        provider.GetRequiredService<ILogger<HistoryCleaner>>()));
    services.AddHostedService<IdleMemory>();
}

static void AddLogLevels(IServiceCollection services, Settings settings)
{
    var levels = new LogLevels(settings.Log.Level);
    services.AddSingleton(levels);
    services.AddSingleton<IConfigureOptions<LoggerFilterOptions>>(levels);
    services.AddSingleton<IOptionsChangeTokenSource<LoggerFilterOptions>>(levels);
}

static void AddServiceManager(IServiceCollection services)
{
    services.AddSingleton<ServiceManager>();
    services.AddHostedService<ServiceNotices>();
    services.AddHostedService<Reloader>();
    services.AddHostedService(provider => new Watchdog(
        WatchdogInterval.Find(Environment.GetEnvironmentVariable),
        // Requests are served by the thread pool, which the first of them asks.
        [
            new WatchedLoop("the scheduler of downloads", () => Task.Run(() => provider.GetRequiredService<DownloadScheduler>().IsAtRest)),
            new WatchedLoop("libvirt's event loop", LibvirtEventLoop.TurnAsync),
        ],
        provider.GetRequiredService<ServiceManager>().PingWatchdog,
        provider.GetRequiredService<TimeProvider>(),
        provider.GetRequiredService<ILogger<Watchdog>>()));
}

static int Print(string text)
{
    Console.WriteLine(text);
    return 0;
}
