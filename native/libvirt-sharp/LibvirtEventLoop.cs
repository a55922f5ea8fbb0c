using LibvirtSharp.Errors;
using LibvirtSharp.Events;

namespace LibvirtSharp;

/// <summary>
/// The event loop that libvirt uses in this process, on one background thread. Keepalives and <see cref="LibvirtConnection.Closed"/>
/// need it; plain calls do not.
/// </summary>
public static class LibvirtEventLoop
{
    private static readonly Lock Gate = new();
    private static volatile EventLoop? _loop;

    /// <summary>Whether <see cref="Start"/> has been called with success.</summary>
    public static bool IsRunning => _loop is not null;

    /// <summary>
    /// Registers a loop of our own (<c>virEventRegisterImpl</c>) and starts the thread that runs it until the process ends. Call it
    /// before the first <see cref="LibvirtConnection.Open"/>: libvirt attaches only connections that are opened later. Further calls
    /// do nothing; any thread may call. Nothing else in the process may register a loop.
    /// </summary>
    /// <exception cref="LibvirtNotInstalledException">The library is missing.</exception>
    /// <exception cref="LibvirtException">libvirt refused.</exception>
    /// <exception cref="System.ComponentModel.Win32Exception">The kernel has no descriptor left.</exception>
    public static void Start()
    {
        lock (Gate)
        {
            if (_loop is not null)
                return;
            LibvirtLibrary.EnsureReady();
            var loop = new EventLoop();
            LoopRegistration.Register(loop);
            new Thread(() => Run(loop)) { IsBackground = true, Name = "libvirt events" }.Start();
            _loop = loop;
        }
    }

    /// <summary>Waits until the loop has turned once more: whether it hangs, for those who watch over the process. Any thread may call.</summary>
    /// <returns>A task that ends on the loop's next turn; at once where none was started.</returns>
    public static Task TurnAsync()
    {
        if (_loop is not { } loop)
            return Task.CompletedTask;
        var turned = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        loop.RunLater(turned.SetResult);
        return turned.Task;
    }

    /// <summary>Whether the loop watches a descriptor.</summary>
    internal static bool Watches(int descriptor) => _loop?.Handles.Watches(descriptor) ?? false;

    private static void Run(EventLoop loop)
    {
        while (true)
            loop.RunOnce();
    }
}
