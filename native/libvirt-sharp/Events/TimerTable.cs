using System.ComponentModel;
using System.Diagnostics;
using LibvirtSharp.Interop;

namespace LibvirtSharp.Events;

/// <summary>The timeouts of the loop, on one timerfd. Any thread may change them while the loop waits.</summary>
/// <remarks>
/// Every message that arrives makes libvirt put its keepalive timer off. That costs no system call: the timerfd goes off when the
/// earlier date comes, finds nothing due, and is set to the later one.
/// </remarks>
internal sealed class TimerTable : IDisposable
{
    private const int Monotonic = 1;
    private const int CloseOnExec = 0x80000;

    private readonly Lock _gate = new();
    private readonly Dictionary<int, Timer> _timers = [];
    private readonly Action<Action> _runLater;
    private int _lastTimer;
    private long _alarm = long.MaxValue;

    /// <summary>Makes the timerfd.</summary>
    /// <param name="runLater">Runs what must not run inside of <see cref="Remove"/>.</param>
    /// <exception cref="Win32Exception">The kernel has no descriptor left.</exception>
    public TimerTable(Action<Action> runLater)
    {
        _runLater = runLater;
        Descriptor = NativeMethods.timerfd_create(Monotonic, CloseOnExec);
        if (Descriptor < 0)
            throw new Win32Exception();
    }

    /// <summary>Readable when <see cref="Dispatch"/> is to be called.</summary>
    public int Descriptor { get; }

    // Environment.TickCount64 is up to 4 ms behind the clock that the timerfd follows: the loop would wake for nothing.
    private static long Now => Stopwatch.GetTimestamp() / (Stopwatch.Frequency / 1000);

    /// <summary>Adds a timeout that comes again and again.</summary>
    /// <param name="milliseconds">The time between; negative for none until it is updated.</param>
    /// <param name="callback">Gets the timer, on the loop's thread.</param>
    /// <param name="free">Called there once the callback will not be called again.</param>
    /// <returns>The timer, above 0.</returns>
    public int Add(int milliseconds, Action<int> callback, Action free)
    {
        lock (_gate)
        {
            var timer = ++_lastTimer;
            _timers.Add(timer, new Timer(callback, free));
            Set(timer, milliseconds);
            return timer;
        }
    }

    /// <summary>Changes the time between, counted from now.</summary>
    public void Update(int timer, int milliseconds)
    {
        lock (_gate)
        {
            if (_timers.ContainsKey(timer))
                Set(timer, milliseconds);
        }
    }

    /// <summary>Ends a timeout. Its callback may still be running, but does not begin any more.</summary>
    /// <returns>False where there is none.</returns>
    public bool Remove(int timer)
    {
        lock (_gate)
        {
            if (!_timers.Remove(timer, out var removed))
                return false;
            _runLater(removed.Free);
            return true;
        }
    }

    /// <summary>Makes <see cref="Descriptor"/> readable at once.</summary>
    public void Ring()
    {
        lock (_gate)
            SetAlarm(Now);
    }

    /// <summary>Calls back every timeout that is due, and sets the timerfd to the next.</summary>
    public void Dispatch()
    {
        foreach (var timer in TakeDue())
        {
            Timer? due;
            lock (_gate)
            {
                // A callback before it may have removed it, or turned it off.
                if (!_timers.TryGetValue(timer, out due) || due.Milliseconds < 0)
                    continue;
            }

            due.Callback(timer);
        }
    }

    /// <summary>Gives the timerfd up.</summary>
    public void Dispose() => _ = NativeMethods.close(Descriptor);

    private List<int> TakeDue()
    {
        lock (_gate)
        {
            var now = Now;
            List<int> due = [.. _timers.Where(t => t.Value.Next <= now).OrderBy(t => t.Value.Next).Select(t => t.Key)];
            foreach (var timer in due)
                _timers[timer].Next = now + _timers[timer].Milliseconds;
            SetAlarm(_timers.Count == 0 ? long.MaxValue : _timers.Values.Min(timer => timer.Next));
            return due;
        }
    }

    private void Set(int timer, int milliseconds)
    {
        var next = milliseconds < 0 ? long.MaxValue : Now + milliseconds;
        (_timers[timer].Milliseconds, _timers[timer].Next) = (milliseconds, next);
        if (next < _alarm)
            SetAlarm(next);
    }

    // Setting it makes it unreadable until then; a setting of 0 would turn it off.
    private void SetAlarm(long date)
    {
        _alarm = date;
        var setting = date == long.MaxValue ? default : new TimerSetting(Math.Max(1, date - Now));
        if (NativeMethods.timerfd_settime(Descriptor, 0, setting, 0) < 0)
            throw new Win32Exception();
    }

    private sealed class Timer(Action<int> callback, Action free)
    {
        public Action<int> Callback => callback;

        public Action Free => free;

        public int Milliseconds { get; set; }

        public long Next { get; set; }
    }
}
