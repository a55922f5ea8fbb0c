namespace LibvirtSharp.Events;

/// <summary>What a handle waits for, or has met: libvirt's <c>virEventHandleType</c>.</summary>
[Flags]
internal enum LoopEvents
{
    /// <summary>Nothing: the handle rests.</summary>
    None = 0,

    /// <summary>There is something to read.</summary>
    Readable = 1,

    /// <summary>There is room to write.</summary>
    Writable = 2,

    /// <summary>The descriptor has failed.</summary>
    Error = 4,

    /// <summary>The other side has gone.</summary>
    Hangup = 8,
}
