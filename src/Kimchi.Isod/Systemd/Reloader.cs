using System.Runtime.InteropServices;
using Kimchi.Isod.Configuration;
using Kimchi.Isod.Core.Errors;
using Kimchi.Isod.Core.Running;
using Kimchi.Isod.Core.Transfer;
using Kimchi.Isod.Server;
using Kimchi.Isod.Storage.Libvirt;

namespace Kimchi.Isod.Systemd;

/// <summary>Reads the configuration again at SIGHUP, and takes over what may change while downloads run.</summary>
internal sealed class Reloader(
    CommandLine line, Settings started, DownloadScheduler scheduler, RateLimit limit, AllowedPools allowed, LibvirtPools pools, LogLevels levels,
    ServiceManager systemd, ILogger<Reloader> logger) : IHostedService, IDisposable
{
    // Everything else is bound to what was made with it at the start.
    private static readonly string[] Live =
        ["downloads:limit_rate", "downloads:max_active", "downloads:max_waiting", "pools:allowed", "log:level"];

    private readonly Dictionary<string, string?> _inEffect = new(started.Given, StringComparer.OrdinalIgnoreCase);
    private readonly SemaphoreSlim _oneAtATime = new(1, 1);
    private PosixSignalRegistration? _hangup;

    public Task StartAsync(CancellationToken cancellationToken)
    {
        _hangup = PosixSignalRegistration.Create(PosixSignal.SIGHUP, signal =>
        {
            signal.Cancel = true;
            _ = ReloadAsync();
        });
        return Task.CompletedTask;
    }

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public void Dispose()
    {
        _hangup?.Dispose();
        _oneAtATime.Dispose();
    }

    private async Task ReloadAsync()
    {
        await _oneAtATime.WaitAsync();
        systemd.Reloading();
        try
        {
            await TakeOverAsync(Settings.Read(SettingsLayer.Load(line, Environment.GetEnvironmentVariables())));
        }
        catch (ConfigurationException e)
        {
            foreach (var fault in e.Faults) logger.NotReloaded(fault);
        }
        catch (DownloadException e)
        {
            logger.PoolsNotPrepared(e.Message);
        }
        finally
        {
            systemd.Ready();
            _oneAtATime.Release();
        }
    }

    private async Task TakeOverAsync(Settings settings)
    {
        // So that the change of the level itself is told in any case.
        if (settings.Log.Level < levels.Level) levels.Level = settings.Log.Level;
        limit.BytesPerSecond = settings.Downloads.LimitRate;
        scheduler.SetLimits(settings.Downloads.MaxActive, settings.Downloads.MaxWaiting);
        allowed.Names = settings.Pools.Allowed;
        var changed = settings.Given.Where(key => key.Value != _inEffect[key.Key]).ToList();
        foreach (var (key, value) in changed) TakeOver(key, value);
        if (changed.Count == 0) logger.NothingChanged();
        levels.Level = settings.Log.Level;
        if (changed.Any(key => key.Key == "pools:allowed")) await pools.PrepareAsync(CancellationToken.None);
    }

    private void TakeOver(string key, string? value)
    {
        if (!Live.Contains(key, StringComparer.Ordinal))
        {
            // Its value is not shown: it may be a secret.
            logger.ChangeNeedsRestart(key);
            return;
        }

        _inEffect[key] = value;
        logger.SettingChanged(key, value ?? "the default");
    }
}
