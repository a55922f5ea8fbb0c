using System.Diagnostics;

namespace Kimchi.Isod.Storage.Libvirt.Calls;

/// <summary>How long and how often something that another client of libvirt has in use is tried. libvirt tells of no event for that.</summary>
internal sealed class BusyPatience
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);
    private static readonly TimeSpan LongestWait = TimeSpan.FromMilliseconds(250);

    private readonly long _begun = Stopwatch.GetTimestamp();
    private TimeSpan _next = TimeSpan.FromMilliseconds(2);

    /// <summary>Whether it has been in use for too long.</summary>
    public bool IsOver => Stopwatch.GetElapsedTime(_begun) >= Patience;

    /// <summary>How long to wait before the next try.</summary>
    public TimeSpan NextWait()
    {
        var wait = _next;
        _next = wait * 2 < LongestWait ? wait * 2 : LongestWait;
        return wait;
    }
}
