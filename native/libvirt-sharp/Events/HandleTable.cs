using LibvirtSharp.Interop;

namespace LibvirtSharp.Events;

/// <summary>Tells that a descriptor is ready.</summary>
internal delegate void HandleCallback(int watch, int descriptor, LoopEvents events);

/// <summary>The descriptors that the loop watches. Any thread may change them while the loop waits.</summary>
/// <param name="epoll">What waits for them.</param>
/// <param name="runLater">Runs what must not run inside of <see cref="Remove"/>.</param>
/// <remarks>
/// libvirt switches its handle off and on around every packet that it sends. Neither costs a system call here: a handle that is off
/// stays armed, and only one that was reported meanwhile, for nobody, has to be armed again.
/// </remarks>
internal sealed class HandleTable(Epoll epoll, Action<Action> runLater)
{
    private readonly Lock _gate = new();
    private readonly Dictionary<int, Handle> _handles = [];
    private int _lastWatch;

    /// <summary>Watches a descriptor, one watch for each.</summary>
    /// <param name="descriptor">The descriptor.</param>
    /// <param name="events">What to wait for.</param>
    /// <param name="callback">Called on the loop's thread.</param>
    /// <param name="free">Called there once the callback will not be called again.</param>
    /// <returns>The watch, above 0; or -1, where the descriptor cannot be waited for or is watched already.</returns>
    public int Add(int descriptor, LoopEvents events, HandleCallback callback, Action free)
    {
        lock (_gate)
        {
            var handle = new Handle(++_lastWatch, descriptor, callback, free) { Wanted = events, Armed = events };
            if (!epoll.Add(descriptor, handle.Watch, events))
                return -1;
            _handles.Add(handle.Watch, handle);
            return handle.Watch;
        }
    }

    /// <summary>Changes what a watch waits for.</summary>
    public void Update(int watch, LoopEvents events)
    {
        lock (_gate)
        {
            if (!_handles.TryGetValue(watch, out var handle))
                return;
            handle.Wanted = events;
            ArmIfWanted(handle);
        }
    }

    /// <summary>Ends a watch. Its callback may still be running, but does not begin any more.</summary>
    /// <returns>False where there is none.</returns>
    public bool Remove(int watch)
    {
        lock (_gate)
        {
            if (!_handles.Remove(watch, out var handle))
                return false;
            epoll.Remove(handle.Descriptor);
            runLater(handle.Free);
            return true;
        }
    }

    /// <summary>Shuts down the socket of a watch, if there still is one; a descriptor that is no socket stays as it is.</summary>
    public void ShutDown(int watch)
    {
        lock (_gate)
        {
            if (_handles.TryGetValue(watch, out var handle))
                _ = NativeMethods.shutdown(handle.Descriptor, NativeMethods.ShutBoth);
        }
    }

    /// <summary>Whether a descriptor is watched.</summary>
    public bool Watches(int descriptor)
    {
        lock (_gate)
            return _handles.Values.Any(handle => handle.Descriptor == descriptor);
    }

    /// <summary>Calls a watch back for what its descriptor has met, unless it is gone or rests.</summary>
    public void Dispatch(int watch, LoopEvents events)
    {
        Handle? handle;
        lock (_gate)
        {
            if (!_handles.TryGetValue(watch, out handle))
                return;
            handle.Armed = null;
            if (handle.Wanted is LoopEvents.None)
                return;
        }

        handle.Callback(watch, handle.Descriptor, events);
        lock (_gate)
        {
            if (_handles.ContainsKey(watch))
                ArmIfWanted(handle);
        }
    }

    private void ArmIfWanted(Handle handle)
    {
        if (handle.Wanted is LoopEvents.None || handle.Armed == handle.Wanted)
            return;
        // It can fail only for a descriptor that was closed under its watch: nothing will ever happen on it again.
        if (epoll.Arm(handle.Descriptor, handle.Watch, handle.Wanted))
            handle.Armed = handle.Wanted;
    }

    private sealed class Handle(int watch, int descriptor, HandleCallback callback, Action free)
    {
        public int Watch => watch;

        public int Descriptor => descriptor;

        public HandleCallback Callback => callback;

        public Action Free => free;

        public LoopEvents Wanted { get; set; }

        /// <summary>What epoll will report it for; null once it has.</summary>
        public LoopEvents? Armed { get; set; }
    }
}
