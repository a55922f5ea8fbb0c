using Kimchi.Isod.Storage.Libvirt.Calls;
using LibvirtSharp.Errors;

namespace Kimchi.Isod.Storage.Libvirt;

/// <summary>Waits for other clients of libvirt to let go of a pool or a volume, on a thread that nobody else needs.</summary>
/// <remarks><see cref="LibvirtThread"/> waits by itself, with the thread free for others' calls meanwhile.</remarks>
internal static class BusyRetry
{
    /// <summary>Makes a call, again and again while what it needs is in use. Blocks.</summary>
    public static T Run<T>(Func<T> call)
    {
        var patience = new BusyPatience();
        while (true)
        {
            try
            {
                return call();
            }
            catch (LibvirtBusyException) when (!patience.IsOver)
            {
                Thread.Sleep(patience.NextWait());
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
