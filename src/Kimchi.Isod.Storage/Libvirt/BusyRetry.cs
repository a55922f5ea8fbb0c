using LibvirtSharp.Errors;

namespace Kimchi.Isod.Storage.Libvirt;

/// <summary>Waits for other clients of libvirt to let go of a pool or a volume. libvirt tells of no event for that.</summary>
internal static class BusyRetry
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);
    private static readonly TimeSpan FirstWait = TimeSpan.FromMilliseconds(2);
    private static readonly TimeSpan LongestWait = TimeSpan.FromMilliseconds(250);

    /// <summary>Makes a call, again and again while what it needs is in use. Blocks.</summary>
    public static T Run<T>(Func<T> call)
    {
        var deadline = DateTime.UtcNow + Patience;
        for (var wait = FirstWait; ; wait = wait < LongestWait ? wait * 2 : LongestWait)
        {
            try
            {
                return call();
            }
            catch (LibvirtBusyException) when (DateTime.UtcNow < deadline)
            {
                Thread.Sleep(wait);
            }
        }
    }

    /// <inheritdoc cref="Run{T}"/>
    public static void Run(Action call) => Run(() =>
    {
        call();
        return true;
    });
}
