using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using LibvirtSharp.Interop;

namespace LibvirtSharp.Events;

/// <summary>Makes one <see cref="EventLoop"/> the one that libvirt uses in this process: the six functions that it calls.</summary>
internal static unsafe class LoopRegistration
{
    private const int Success = 0;
    private const int Failure = -1;

    private static EventLoop _loop = null!;

    /// <summary>Gives the loop to libvirt, for good.</summary>
    public static void Register(EventLoop loop)
    {
        _loop = loop;
        NativeMethods.virEventRegisterImpl(
            &AddHandle, &UpdateHandle, &RemoveHandle, &AddTimeout, &UpdateTimeout, &RemoveTimeout);
    }

    [UnmanagedCallersOnly(CallConvs = [typeof(CallConvCdecl)])]
    private static int AddHandle(
        int descriptor,
        int events,
        delegate* unmanaged[Cdecl]<int, int, int, nint, void> callback,
        nint opaque,
        delegate* unmanaged[Cdecl]<nint, void> free)
    {
        SendBuffer.Enlarge(descriptor);
        var watch = _loop.Handles.Add(
            descriptor,
            (LoopEvents)events,
            (watch, ready, met) => callback(watch, ready, (int)met, opaque),
            Freeing(free, opaque));
        if (watch > 0)
            WatchedSockets.Note(_loop.Handles, watch);
        return watch;
    }

    [UnmanagedCallersOnly(CallConvs = [typeof(CallConvCdecl)])]
    private static void UpdateHandle(int watch, int events) => _loop.Handles.Update(watch, (LoopEvents)events);

    [UnmanagedCallersOnly(CallConvs = [typeof(CallConvCdecl)])]
    private static int RemoveHandle(int watch) => _loop.Handles.Remove(watch) ? Success : Failure;

    [UnmanagedCallersOnly(CallConvs = [typeof(CallConvCdecl)])]
    private static int AddTimeout(
        int milliseconds,
        delegate* unmanaged[Cdecl]<int, nint, void> callback,
        nint opaque,
        delegate* unmanaged[Cdecl]<nint, void> free)
    {
        return _loop.Timers.Add(milliseconds, timer => callback(timer, opaque), Freeing(free, opaque));
    }

    [UnmanagedCallersOnly(CallConvs = [typeof(CallConvCdecl)])]
    private static void UpdateTimeout(int timer, int milliseconds) => _loop.Timers.Update(timer, milliseconds);

    [UnmanagedCallersOnly(CallConvs = [typeof(CallConvCdecl)])]
    private static int RemoveTimeout(int timer) => _loop.Timers.Remove(timer) ? Success : Failure;

    private static Action Freeing(delegate* unmanaged[Cdecl]<nint, void> free, nint opaque) => () =>
    {
        if (free is not null)
            free(opaque);
    };
}
