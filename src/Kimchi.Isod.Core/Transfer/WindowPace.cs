namespace Kimchi.Isod.Core.Transfer;

/// <summary>
/// How long windows stay open. A turn, from a window's end to the next one's beginning, is made of round trips to libvirt in which no byte moves:
/// 1 ms on the same machine, 200 ms where libvirt is 20 ms away. So windows last long enough that a twentieth of the time is lost with turns.
/// </summary>
/// <param name="usual">How long they last where turns are quick.</param>
/// <param name="time">The clock.</param>
internal sealed class WindowPace(TimeSpan usual, TimeProvider time)
{
    private const int TurnsPerWindow = 20;

    // What a crash may cost at most.
    private static readonly TimeSpan Longest = TimeSpan.FromSeconds(30);

    private long _opened;
    private TimeSpan _end;
    private TimeSpan _turn;

    /// <summary>How long a window lasts at present.</summary>
    public TimeSpan Length
    {
        get
        {
            var needed = _turn * TurnsPerWindow;
            if (needed > Longest) needed = Longest;
            return needed > usual ? needed : usual;
        }
    }

    /// <summary>How much of that is left to the window that is open.</summary>
    public TimeSpan Left
    {
        get
        {
            var left = Length - time.GetElapsedTime(_opened);
            return left > TimeSpan.Zero ? left : TimeSpan.Zero;
        }
    }

    /// <summary>Opens a window.</summary>
    public T Open<T>(Func<T> open)
    {
        var begun = time.GetTimestamp();
        var opened = open();
        _opened = time.GetTimestamp();
        _turn = _end + time.GetElapsedTime(begun, _opened);
        return opened;
    }

    /// <summary>Ends a window, with all that this takes.</summary>
    public void Close(Action close)
    {
        var begun = time.GetTimestamp();
        close();
        _end = time.GetElapsedTime(begun);
    }
}
