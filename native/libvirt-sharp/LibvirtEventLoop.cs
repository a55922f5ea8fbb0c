using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using LibvirtSharp.Errors;
using LibvirtSharp.Interop;

namespace LibvirtSharp;

/// <summary>
/// libvirt's default event loop on one background thread. Keepalives and <see cref="LibvirtConnection.Closed"/> need it; plain
/// calls do not.
/// </summary>
public static unsafe class LibvirtEventLoop
{
    /// <summary>How often the loop wakes for nothing, in milliseconds.</summary>
    private const int TickMilliseconds = 1000;

    private static readonly Lock Gate = new();
    private static volatile bool _running;

    /// <summary>Whether <see cref="Start"/> has been called with success.</summary>
    public static bool IsRunning => _running;

    /// <summary>
    /// Registers the loop (<c>virEventRegisterDefaultImpl</c>) and starts the thread that runs it (<c>virEventRunDefaultImpl</c>)
    /// until the process ends. Call it before the first <see cref="LibvirtConnection.Open"/>: libvirt attaches only connections
    /// that are opened later. Further calls do nothing; any thread may call.
    /// </summary>
    /// <exception cref="LibvirtNotInstalledException">The library is missing.</exception>
    /// <exception cref="LibvirtException">libvirt refused.</exception>
    public static void Start()
    {
        lock (Gate)
        {
            if (_running)
                return;
            LibvirtLibrary.EnsureReady();
            Register();
            new Thread(Run) { IsBackground = true, Name = "libvirt events" }.Start();
            _running = true;
        }
    }

    private static void Register()
    {
        if (NativeMethods.virEventRegisterDefaultImpl() < 0)
            throw ErrorTable.Exception(NativeError.Last());
        // virEventRunDefaultImpl's documentation asks for a timer or a handle before the first run, since it blocks for ever
        // where nothing is registered; ticking, the loop also recovers should a wake-up ever be lost.
        if (NativeMethods.virEventAddTimeout(TickMilliseconds, &Tick, 0, null) < 0)
            throw ErrorTable.Exception(NativeError.Last());
    }

    private static void Run()
    {
        while (true)
        {
            // The loop has no caller to tell of a failure; going on is right, spinning is not.
            if (NativeMethods.virEventRunDefaultImpl() < 0)
                Thread.Sleep(TickMilliseconds);
        }
    }

    [UnmanagedCallersOnly(CallConvs = [typeof(CallConvCdecl)])]
    private static void Tick(int timer, nint opaque)
    {
    }
}
