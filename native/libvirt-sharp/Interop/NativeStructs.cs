using System.Runtime.InteropServices;

namespace LibvirtSharp.Interop;

/// <summary><c>struct _virError</c> of virterror.h.</summary>
[StructLayout(LayoutKind.Sequential)]
internal readonly unsafe struct NativeErrorFields
{
    public readonly int Code;
    public readonly int Domain;
    public readonly byte* Message;
    public readonly int Level;
    public readonly nint Connection;
    public readonly nint Machine;
    public readonly byte* Text1;
    public readonly byte* Text2;
    public readonly byte* Text3;
    public readonly int Number1;
    public readonly int Number2;
    public readonly nint Network;
}

/// <summary><c>struct _virStoragePoolInfo</c> of libvirt-storage.h; sizes in bytes.</summary>
[StructLayout(LayoutKind.Sequential)]
internal readonly struct PoolInfoFields
{
    public readonly int State;
    public readonly ulong Capacity;
    public readonly ulong Allocation;
    public readonly ulong Available;
}

/// <summary><c>struct _virStorageVolInfo</c> of libvirt-storage.h; sizes in bytes.</summary>
[StructLayout(LayoutKind.Sequential)]
internal readonly struct VolumeInfoFields
{
    public readonly int Type;
    public readonly ulong Capacity;
    public readonly ulong Allocation;
}

/// <summary><c>struct itimerspec</c> of time.h.</summary>
[StructLayout(LayoutKind.Sequential)]
internal readonly struct TimerSetting(long milliseconds)
{
    public readonly nint IntervalSeconds;
    public readonly nint IntervalNanoseconds;
    public readonly nint Seconds = (nint)(milliseconds / 1000);
    public readonly nint Nanoseconds = (nint)(milliseconds % 1000 * 1_000_000);
}
