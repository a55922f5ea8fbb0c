using LibvirtSharp.Events;

namespace LibvirtSharp.Tests;

/// <summary>The loop's timeouts. None is measured: what comes in which order is enough.</summary>
[FixtureLifeCycle(LifeCycle.InstancePerTestCase)]
public sealed class EventLoopTimerTests : IDisposable
{
    private readonly EventLoop _loop = new();
    private readonly List<string> _calls = [];

    public void Dispose() => _loop.Dispose();

    [Test]
    public void Timeout_comes_again_until_it_is_removed()
    {
        var count = 0;
        _loop.Timers.Add(
            1,
            timer =>
            {
                if (++count == 3) _loop.Timers.Remove(timer);
            },
            () => _calls.Add($"freed after {count}"));

        RunUntil(() => _calls.Count > 0);

        Assert.That(_calls, Is.EqualTo(new[] { "freed after 3" }));
    }

    [Test]
    public void Timeout_that_is_off_comes_when_it_is_turned_on()
    {
        var silent = Add("off", -1);
        Add("other", 1);
        RunUntil(() => _calls.Count == 3);
        Assert.That(_calls, Is.All.EqualTo("other"));

        _loop.Timers.Update(silent, 1);

        RunUntil(() => _calls.Contains("off"));
    }

    // So libvirt does with its keepalives: each message that arrives puts them off.
    [Test]
    public void Timeout_put_off_comes_after_others_that_were_behind_it()
    {
        var first = Add("first", 2);
        Add("second", 20);
        _loop.Timers.Update(first, 200);

        RunUntil(() => _calls.Contains("first"));

        Assert.That(_calls[0], Is.EqualTo("second"));
    }

    [Test]
    public void Timeout_turned_off_by_one_that_was_due_with_it_does_not_come()
    {
        var timers = new List<int>();
        for (var i = 0; i < 2; i++)
        {
            timers.Add(_loop.Timers.Add(0, timer =>
            {
                _calls.Add("called");
                _loop.Timers.Update(timer, -1);
                _loop.Timers.Update(timers.Single(other => other != timer), -1);
            }, () => { }));
        }

        RunUntil(() => _calls.Count > 0);
        _loop.RunLater(() => _calls.Add("later"));
        RunUntil(() => _calls.Contains("later"));

        Assert.That(_calls, Is.EqualTo(new[] { "called", "later" }));
    }

    [Test]
    public void Unknown_timer_is_no_error()
    {
        _loop.Timers.Update(7, 1);
        Assert.That(_loop.Timers.Remove(7), Is.False);
    }

    private int Add(string name, int milliseconds) => _loop.Timers.Add(milliseconds, _ => _calls.Add(name), () => { });

    private void RunUntil(Func<bool> isSo)
    {
        while (!isSo()) _loop.RunOnce();
    }
}
