using System.Collections.Concurrent;
using System.Diagnostics;
using System.Globalization;
using Kimchi.Isod.Fixtures;
using Kimchi.Isod.Fixtures.Wire;

namespace Kimchi.Isod.Integration.Tests.Faults;

/// <summary>Everything goes wrong for many minutes: tests/soak.sh.</summary>
public abstract class SoakTest : KillTest
{
    private const int DownloadsAtOnce = 6;
    private const int DisturbancesPerRound = 8;

    private readonly ConcurrentDictionary<string, int> _happened = new(StringComparer.Ordinal);
    private long _bytes;

    // Of each of the two.
    private static TimeSpan Duration => TimeSpan.FromMinutes(
        double.Parse(Environment.GetEnvironmentVariable("KIMCHI_ISOD_SOAK_MINUTES") ?? "20", CultureInfo.InvariantCulture) / 2);

    /// <summary>The longest time between two disturbances.</summary>
    private protected virtual TimeSpan LongestPause => TimeSpan.FromMilliseconds(300);

    /// <summary>The next image's size; null for one of <see cref="KillTest"/>'s.</summary>
    private protected virtual int? NextSize => null;

    private protected override (string Key, string Value)[] Settings => [.. base.Settings, ("downloads:stall_timeout", "2s")];

    [Test]
    public Task Every_image_is_right_whatever_happens() => SeededAsync(async () =>
    {
        var clock = Stopwatch.StartNew();
        while (clock.Elapsed < Duration) await RunRoundAsync();
        var happened = string.Join(", ", _happened.OrderBy(e => e.Key, StringComparer.Ordinal).Select(e => $"{e.Value} {e.Key}"));
        await TestContext.Progress.WriteLineAsync($"soak: {_bytes} bytes compared; {happened}; {Killer.Kills} kills of the daemon; seed {Seed}");
    });

    private protected override async Task<int> MisbehaveAsync(WireExchange exchange, byte[] content)
    {
        switch (Killer.Next(10))
        {
            case 0:
                Count("replies that broke off");
                return Killer.Next(content.Length);
            case 1:
                Count("replies of 503");
                await exchange.WriteHeadAsync("503 Service Unavailable", "Retry-After: 1", "Content-Length: 0");
                return -1;
            case 2:
                Count("connections reset");
                exchange.Reset();
                return -1;
            case 3 when Killer.Happens(30):
                Count("stalls");
                await exchange.StallAsync();
                return -1;
            default:
                return int.MaxValue;
        }
    }

    private async Task RunRoundAsync()
    {
        var names = Enumerable.Range(0, DownloadsAtOnce).Select(_ => NewImage(NextSize)).ToArray();
        foreach (var name in names) await TryStartAsync(name);
        for (var i = 0; i < DisturbancesPerRound; i++)
        {
            await Killer.WaitAsync(LongestPause);
            await DisturbAsync(names[Killer.Next(names.Length)]);
            Watch.Check();
        }

        await SettleAsync(names);
        AssertNoOrphans();
        foreach (var name in names)
        {
            Count("images completed");
            _bytes += ContentOf(name).Length;
            Forget(name);
        }
    }

    private async Task DisturbAsync(string name)
    {
        switch (Killer.Next(7))
        {
            case 0:
            case 1:
                await Killer.KillAfterAsync(Task.CompletedTask, LongestPause);
                await RestartAsync();
                break;
            case 2:
                Count("restarts of the daemon");
                await Daemon.StopAsync();
                await RestartAsync();
                break;
            case 3:
                Count("kills of libvirtd");
                OwnLibvirtd.Kill();
                await Killer.WaitAsync(LongestPause);
                OwnLibvirtd.Start();
                break;
            case 4:
                Count("freezes of libvirtd");
                OwnLibvirtd.Stop();
                await Killer.WaitAsync(LongestPause);
                OwnLibvirtd.Continue();
                break;
            case 5:
                Count("pauses");
                await TryAsync(() => Daemon.Client.PauseAsync(name));
                break;
            default:
                Count("cancellations");
                await TryAsync(() => Daemon.Client.CancelAsync(name));
                break;
        }
    }

    private void Count(string what) => _happened.AddOrUpdate(what, 1, (_, count) => count + 1);
}
