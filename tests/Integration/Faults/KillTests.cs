using Kimchi.Isod.Fixtures.Wire;

namespace Kimchi.Isod.Integration.Tests.Faults;

/// <summary>The daemon is killed with SIGKILL at every step of a download, and at random ones, some 160 times in all.</summary>
[Parallelizable(ParallelScope.Self)]
[FixtureLifeCycle(LifeCycle.SingleInstance)]
public sealed class KillTests : KillTest
{
    private const int RandomKillsPerRound = 4;
    private const int Middle = 1_500_000;

    // More of them: KIMCHI_ISOD_KILL_ROUNDS=14 tests/run.sh --filter FullyQualifiedName~KillTests
    private static readonly int Rounds =
        int.TryParse(Environment.GetEnvironmentVariable("KIMCHI_ISOD_KILL_ROUNDS"), System.Globalization.CultureInfo.InvariantCulture, out var rounds) ? rounds : 6;

    // What the server does with the image that the round is about.
    private string _target = "";
    private int _dropAt;

    private static TimeSpan Milliseconds(double milliseconds) => TimeSpan.FromMilliseconds(milliseconds);

    [Test]
    public Task Killed_while_the_daemon_starts() => RoundsAsync(async _ =>
    {
        await KillNowAsync(Milliseconds(100));
        Daemon.StartWithoutWaiting();
        await KillNowAsync(Milliseconds(150));
    });

    [Test]
    public Task Killed_while_the_server_is_asked() => RoundsAsync(target => Killer.KillAfterAsync(SentAsync(target, 0), Milliseconds(3)));

    [Test]
    public Task Killed_while_the_start_is_recorded_and_its_volume_made() =>
        RoundsAsync(target => Killer.KillAfterAsync(SentAsync(target, 0), Milliseconds(20)));

    [Test]
    public Task Killed_when_the_download_is_accepted() =>
        RoundsAsync(target => Killer.KillAfterAsync(Killer.LogSaysAsync(target + ": download accepted"), Milliseconds(3)));

    [Test]
    public Task Killed_while_bytes_come() => RoundsAsync(target =>
        Killer.KillAfterAsync(SentAsync(target, Killer.Next(ContentOf(target).Length)), Milliseconds(2)));

    [Test]
    public Task Killed_around_the_end_of_a_window() => RoundsAsync(
        target => Killer.KillAfterAsync(SentAsync(target, (1 << 20) + 65_536), Milliseconds(15)), size: 3_333_333);

    [Test]
    public Task Killed_while_the_next_try_is_waited_for() => RoundsAsync(
        target => Killer.KillAfterAsync(Killer.LogSaysAsync(target + ": trying again in"), Milliseconds(100)), size: 2_500_000, dropAt: Middle);

    [Test]
    public Task Killed_while_it_is_paused() => RoundsAsync(
        async target =>
        {
            await SentAsync(target, Middle);
            var pause = TryAsync(() => Daemon.Client.PauseAsync(target));
            await KillNowAsync(Milliseconds(20));
            await pause;
        },
        size: 3_333_333);

    [Test]
    public Task Killed_while_it_is_resumed() => RoundsAsync(
        async target =>
        {
            await SentAsync(target, Middle);
            await Daemon.Client.PauseAsync(target);
            var resume = TryAsync(() => Daemon.Client.ResumeAsync(target));
            await KillNowAsync(Milliseconds(30));
            await resume;
        },
        size: 3_333_333);

    [Test]
    public Task Killed_while_stored_bytes_are_read_back() => RoundsAsync(
        async target =>
        {
            await Killer.KillAfterAsync(SentAsync(target, 3_000_000), TimeSpan.Zero);
            var found = Killer.LogSaysAsync("found in the state store");
            Daemon.StartWithoutWaiting();
            await Killer.KillAfterAsync(found, Milliseconds(80));
        },
        size: 3_333_333);

    [Test]
    public Task Killed_while_the_head_is_published() =>
        RoundsAsync(target => Killer.KillAfterAsync(SentAsync(target, ContentOf(target).Length), Milliseconds(40)));

    [Test]
    public Task Killed_when_it_completes() =>
        RoundsAsync(target => Killer.KillAfterAsync(Killer.LogSaysAsync(target + ": completed"), Milliseconds(2)));

    [Test]
    public Task Killed_while_it_is_cancelled() => RoundsAsync(
        async target =>
        {
            await SentAsync(target, Middle);
            var cancel = TryAsync(() => Daemon.Client.CancelAsync(target));
            await KillNowAsync(Milliseconds(25));
            await cancel;
        },
        size: 3_333_333);

    [Test]
    public Task Killed_while_a_failed_one_is_tried_again() => RoundsAsync(
        async target =>
        {
            await SentAsync(target, Middle / 2);
            Server.Remove(target);
            await Daemon.Client.WaitForAsync(target, status => status.Id == "KCHDL0007E");
            Server.Add(target, ContentOf(target));
            var retry = TryAsync(() => Daemon.Client.RetryAsync(target));
            await KillNowAsync(Milliseconds(30));
            await retry;
        },
        size: 2_500_000, dropAt: Middle);

    [Test]
    public Task Killed_while_a_file_of_unknown_size_is_started_or_comes([Values(10, 150)] int span)
    {
        Server.HidesSizes = true;
        return RoundsAsync(target => Killer.KillAfterAsync(SentAsync(target, 0), Milliseconds(span)));
    }

    [Test]
    public Task Killed_at_random_moments_with_commands_in_flight() => SeededAsync(async () =>
    {
        var names = Enumerable.Range(0, 10).Select(_ => NewImage()).ToArray();
        for (var kill = 0; kill < Rounds * RandomKillsPerRound; kill++)
        {
            var commands = names.Where(_ => Killer.Happens(40)).Select(CommandAsync).ToArray();
            await KillNowAsync(Milliseconds(Killer.Happens(50) ? 40 : 300));
            await Task.WhenAll(commands);
            await RestartAsync();
        }

        await SettleAsync(names);
        AssertNoOrphans();
    });

    private protected override Task<int> MisbehaveAsync(WireExchange exchange, byte[] content)
    {
        var isTarget = exchange.Request.Target.EndsWith(_target, StringComparison.Ordinal);
        return Task.FromResult(isTarget && exchange.Request.RangeStart is null or 0 && _dropAt > 0 ? _dropAt : int.MaxValue);
    }

    private Task KillNowAsync(TimeSpan span) => Killer.KillAfterAsync(Task.CompletedTask, span);

    // A call of any kind, sent at some time before the kill; most of them cannot be done, which must not matter either.
    private async Task CommandAsync(string name)
    {
        await Killer.WaitAsync(Milliseconds(30));
        await TryAsync(() => Killer.Next(7) switch
        {
            0 => Daemon.Client.PauseAsync(name),
            1 => Daemon.Client.ResumeAsync(name),
            2 => Daemon.Client.CancelAsync(name),
            3 => Daemon.Client.RetryAsync(name),
            _ => Daemon.Client.StartAsync(Server.Url(name), name),
        });
    }

    // Three downloads at once, of which one is killed at the right moment, and the others at any.
    private Task RoundsAsync(Func<string, Task> killAsync, int? size = null, int dropAt = 0) => SeededAsync(async () =>
    {
        _dropAt = dropAt;
        for (var round = 0; round < Rounds; round++)
        {
            string[] names = [_target = NewImage(size), NewImage(), NewImage()];
            var kill = killAsync(_target);
            var starts = names.Select(TryStartAsync).ToArray();
            await kill;
            await Task.WhenAll(starts);
            await RestartAsync();
            await SettleAsync(names);
            AssertNoOrphans();
        }
    });

    // When the server is about to send a byte, or, at an image's length, has sent all.
    private async Task SentAsync(string name, int position)
    {
        var sent = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        void Look(object? sender, SendingEventArgs sending)
        {
            if (sending.Name == name && sending.Position >= position) sent.TrySetResult();
        }

        Server.Sending += Look;
        try
        {
            await sent.Task.WaitAsync(Fixtures.Patience.Limit);
        }
        finally
        {
            Server.Sending -= Look;
        }
    }
}
