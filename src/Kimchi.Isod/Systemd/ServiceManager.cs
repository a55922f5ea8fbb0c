using System.Diagnostics;
using Microsoft.Extensions.Hosting.Systemd;

namespace Kimchi.Isod.Systemd;

/// <summary>Tells systemd how the daemon is: sd_notify(3). Does nothing where nobody asked for it.</summary>
internal sealed class ServiceManager
{
    // AddSystemd() would speak only to a parent process called "systemd".
    private readonly SystemdNotifier _notifier = new();

    /// <summary>Whether anybody listens.</summary>
    public bool IsListening => _notifier.IsEnabled;

    /// <summary>The daemon answers, for the first time or after a reload.</summary>
    public void Ready() => Notify("READY=1");

    /// <summary>The configuration is being read again; <see cref="Ready"/> follows.</summary>
    public void Reloading() => Notify($"RELOADING=1\nMONOTONIC_USEC={Stopwatch.GetTimestamp() / (Stopwatch.Frequency / 1_000_000)}");

    /// <summary>The daemon stops.</summary>
    public void Stopping() => Notify("STOPPING=1");

    /// <summary>What <c>systemctl status</c> shows.</summary>
    public void Status(string text) => Notify($"STATUS={text}");

    /// <summary>The daemon is alive.</summary>
    public void PingWatchdog() => Notify("WATCHDOG=1");

    private void Notify(string state)
    {
        if (IsListening) _notifier.Notify(new ServiceState(state));
    }
}
