using LibvirtSharp.Errors;
using LibvirtSharp.Interop;

namespace LibvirtSharp;

/// <summary>libvirt's own event loop on a thread in the background: what keepalive and <see cref="LibvirtConnection.Closed"/> need.</summary>
public static class LibvirtEventLoop
{
    private static readonly Lazy<Thread> Loop = new(StartThread);

    /// <summary>Starts the loop, once for the process. Call it before the first connection is opened.</summary>
    /// <remarks>virEventRegisterDefaultImpl, then virEventRunDefaultImpl for ever.</remarks>
    /// <exception cref="LibvirtNotInstalledException">libvirt is not installed.</exception>
    public static void Start() => _ = Loop.Value;

    private static Thread StartThread()
    {
        LibvirtLibrary.Require();
        Check.Result(Native.EventRegisterDefault());
        var thread = new Thread(Run) { IsBackground = true, Name = "libvirt-events" };
        thread.Start();
        return thread;
    }

    private static void Run()
    {
        // -1 means that one round failed; the next may not.
        while (true)
        {
            if (Native.EventRunDefault() < 0) Thread.Yield();
        }
    }
}
