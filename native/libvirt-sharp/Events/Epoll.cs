using System.ComponentModel;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using LibvirtSharp.Interop;

namespace LibvirtSharp.Events;

/// <summary>
/// epoll(7). A descriptor is reported once, then not until it is armed again (<c>EPOLLONESHOT</c>): only so can one that nobody
/// listens to for the moment stay in the set, for a hangup cannot be masked.
/// </summary>
internal sealed unsafe class Epoll : IDisposable
{
    private const int CloseOnExec = 0x80000;
    private const int OperationAdd = 1;
    private const int OperationDelete = 2;
    private const int OperationModify = 3;
    private const uint In = 1;
    private const uint Out = 4;
    private const uint Err = 8;
    private const uint Hup = 16;
    private const uint OneShot = 1 << 30;
    private const int Interrupted = 4;
    private const int Capacity = 32;

    // struct epoll_event is packed on x86-64 and nowhere else.
    private static readonly int DataOffset = RuntimeInformation.ProcessArchitecture is Architecture.X64 ? 4 : 8;
    private static readonly int EventSize = DataOffset + sizeof(long);

    private readonly int _epoll = NativeMethods.epoll_create1(CloseOnExec);
    private readonly byte[] _ready = new byte[Capacity * EventSize];

    /// <summary>Makes an empty set.</summary>
    /// <exception cref="Win32Exception">The kernel has no descriptor left.</exception>
    public Epoll()
    {
        if (_epoll < 0)
            throw new Win32Exception();
    }

    /// <summary>Adds a descriptor, armed.</summary>
    /// <returns>False where it cannot be waited for.</returns>
    public bool Add(int descriptor, int id, LoopEvents events) => Control(OperationAdd, descriptor, id, events);

    /// <summary>Arms a descriptor again; what has happened meanwhile is reported at once.</summary>
    public bool Arm(int descriptor, int id, LoopEvents events) => Control(OperationModify, descriptor, id, events);

    /// <summary>Takes a descriptor out. One that is closed already is out already.</summary>
    public void Remove(int descriptor) => _ = Control(OperationDelete, descriptor, 0, LoopEvents.None);

    /// <summary>Blocks until a descriptor is ready.</summary>
    /// <returns>The ids with what they have met; good until the next call.</returns>
    public IEnumerable<(int Id, LoopEvents Events)> Wait()
    {
        var count = WaitOnce();
        for (var i = 0; i < count; i++)
        {
            var at = i * EventSize;
            yield return ((int)BitConverter.ToInt64(_ready, at + DataOffset), FromKernel(BitConverter.ToUInt32(_ready, at)));
        }
    }

    /// <summary>Gives the set up.</summary>
    public void Dispose() => _ = NativeMethods.close(_epoll);

    private int WaitOnce()
    {
        fixed (byte* ready = _ready)
        {
            int count;
            while ((count = NativeMethods.epoll_wait(_epoll, ready, Capacity, -1)) < 0)
            {
                if (Marshal.GetLastPInvokeError() != Interrupted)
                    throw new Win32Exception();
            }

            return count;
        }
    }

    private bool Control(int operation, int descriptor, int id, LoopEvents events)
    {
        var change = stackalloc byte[EventSize];
        Unsafe.WriteUnaligned(change, ToKernel(events) | OneShot);
        Unsafe.WriteUnaligned(change + DataOffset, (long)id);
        return NativeMethods.epoll_ctl(_epoll, operation, descriptor, change) == 0;
    }

    private static uint ToKernel(LoopEvents events) =>
        (events.HasFlag(LoopEvents.Readable) ? In : 0) | (events.HasFlag(LoopEvents.Writable) ? Out : 0);

    private static LoopEvents FromKernel(uint events) =>
        When(events, In, LoopEvents.Readable) | When(events, Out, LoopEvents.Writable) |
        When(events, Err, LoopEvents.Error) | When(events, Hup, LoopEvents.Hangup);

    private static LoopEvents When(uint events, uint flag, LoopEvents met) => (events & flag) != 0 ? met : LoopEvents.None;
}
