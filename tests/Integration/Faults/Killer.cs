using System.Diagnostics;
using Kimchi.Isod.Fixtures;

namespace Kimchi.Isod.Integration.Tests.Faults;

/// <summary>Kills one daemon again and again, at moments that are random around an event, and starts it again.</summary>
internal sealed class Killer(IsodProcess daemon, int seed)
{
    private readonly Random _random = new(seed);
    private readonly Lock _gate = new();

    /// <summary>How often it has killed.</summary>
    public int Kills { get; private set; }

    /// <summary>A random number from 0 to <paramref name="limit"/> - 1, for any thread.</summary>
    public int Next(int limit)
    {
        lock (_gate) return _random.Next(limit);
    }

    /// <summary>Whether something happens that happens in so many of a hundred cases.</summary>
    public bool Happens(int percent) => Next(100) < percent;

    /// <summary>Kills the daemon a random time after a moment.</summary>
    /// <param name="moment">The moment; what it fails with is thrown.</param>
    /// <param name="span">The longest time after it.</param>
    public async Task KillAfterAsync(Task moment, TimeSpan span)
    {
        await moment.WaitAsync(Patience.Limit);
        await WaitAsync(span);
        await daemon.KillAsync();
        Kills++;
    }

    /// <summary>Waits for a random time, to the microsecond: timers alone know milliseconds only.</summary>
    public async Task WaitAsync(TimeSpan span)
    {
        var clock = Stopwatch.StartNew();
        var wait = TimeSpan.FromMicroseconds(Next((int)span.TotalMicroseconds + 1));
        if (wait > TimeSpan.FromMilliseconds(3)) await Task.Delay(wait - TimeSpan.FromMilliseconds(2));
        SpinWait.SpinUntil(() => clock.Elapsed >= wait);
    }

    /// <summary>The next line of the log with these words.</summary>
    public async Task LogSaysAsync(string words)
    {
        var said = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        void Look(object? sender, LineEventArgs printed)
        {
            if (printed.Line.Contains(words, StringComparison.Ordinal)) said.TrySetResult();
        }

        daemon.Printed += Look;
        try
        {
            await said.Task.WaitAsync(Patience.Limit);
        }
        catch (TimeoutException e)
        {
            throw new TimeoutException($"no '{words}' in the log: {daemon.Log}", e);
        }
        finally
        {
            daemon.Printed -= Look;
        }
    }
}
