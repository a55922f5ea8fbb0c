using Kimchi.Isod.Systemd;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Time.Testing;

namespace Kimchi.Isod.Tests.Systemd;

/// <summary>The watchdog.</summary>
public sealed class WatchdogTests
{
    [Test]
    public async Task Ping_stops_while_a_loop_hangs_and_comes_again_when_it_turns()
    {
        var time = new FakeTimeProvider();
        var turn = Task.CompletedTask;
        var pings = 0;
        using var pinged = new SemaphoreSlim(0);
        using var watchdog = new Watchdog(
            TimeSpan.FromSeconds(30), [new WatchedLoop("the good", () => Task.CompletedTask), new WatchedLoop("the bad", () => turn)],
            () => { pings++; pinged.Release(); }, time, NullLogger<Watchdog>.Instance);
        await watchdog.StartAsync(CancellationToken.None);
        await PassAsync(pinged);

        var hung = new TaskCompletionSource();
        turn = hung.Task;
        time.Advance(TimeSpan.FromSeconds(10));
        var before = pings;
        for (var i = 0; i < 10; i++) time.Advance(TimeSpan.FromSeconds(10));
        Assert.That(pings, Is.EqualTo(before).And.EqualTo(1));

        hung.SetResult();
        turn = Task.CompletedTask;
        while (!await pinged.WaitAsync(TimeSpan.FromMilliseconds(1))) time.Advance(TimeSpan.FromSeconds(10));
        await watchdog.StopAsync(CancellationToken.None);
    }

    [TestCase("30000000", null, 30_000)]
    [TestCase("30000000", "OWN", 30_000)]
    [TestCase("30000000", "1", null)]
    [TestCase("0", null, null)]
    [TestCase("soon", null, null)]
    [TestCase("99999999999999999999999", null, null)]
    [TestCase(null, null, null)]
    public void Interval_is_that_of_systemd_for_this_process(string? microseconds, string? pid, int? milliseconds)
    {
        var variables = new Dictionary<string, string?> { ["WATCHDOG_USEC"] = microseconds, ["WATCHDOG_PID"] = pid == "OWN" ? $"{Environment.ProcessId}" : pid };

        Assert.That(WatchdogInterval.Find(variables.GetValueOrDefault)?.TotalMilliseconds, Is.EqualTo(milliseconds));
    }

    private static async Task PassAsync(SemaphoreSlim semaphore) =>
        Assert.That(await semaphore.WaitAsync(Kimchi.Isod.Fixtures.Patience.Limit));
}
