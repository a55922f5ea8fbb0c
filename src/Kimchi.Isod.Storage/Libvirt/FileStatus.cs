using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;

namespace Kimchi.Isod.Storage.Libvirt;

/// <summary>What the kernel knows of an open file: statx(2) and fstatfs(2).</summary>
internal sealed partial record FileStatus
{
    private const int FreshOfOpenFile = 0x1000 | 0x2000; // AT_EMPTY_PATH, AT_STATX_FORCE_SYNC: on a network, as the server knows it
    private const uint Wanted = 0x2c0 | 0x100 | 0x800 | 0x1000 | 0x4000; // STATX_SIZE, _MTIME, _CTIME; _INO, _BTIME, _MNT_ID, _MNT_ID_UNIQUE (Linux 6.8)
    private const uint GetVersion = 0x80087601; // FS_IOC_GETVERSION, which gives 32 bits
    private const long NanosecondsPerSecond = 1_000_000_000;

    /// <summary>The inode's number in its file system.</summary>
    public required ulong Inode { get; init; }

    /// <summary>Tells an inode's uses apart, for inodes are used again; 0 where the file system does not count them.</summary>
    public required uint Generation { get; init; }

    /// <summary>When it was made, in nanoseconds since 1970, as exactly as the kernel's clock ticks; 0 where the file system does not keep that.</summary>
    public required long BirthNanoseconds { get; init; }

    /// <summary>When its content was changed last, in nanoseconds since 1970, or what somebody has set (touch).</summary>
    public required long ModifiedNanoseconds { get; init; }

    /// <summary>When its content or anything else of it was changed last, in nanoseconds since 1970. Nobody can set that.</summary>
    public required long ChangedNanoseconds { get; init; }

    /// <summary>Its length in bytes.</summary>
    public required long Size { get; init; }

    /// <summary>The device that it stands for; 0 for a file.</summary>
    public required ulong Device { get; init; }

    /// <summary>The mount that it was found by.</summary>
    public required ulong MountId { get; init; }

    /// <summary>The kind of its file system, as in linux/magic.h.</summary>
    public required uint FileSystemType { get; init; }

    /// <summary>The file system itself: the same after a remount, and after a boot where it has a UUID.</summary>
    public required ulong FileSystemId { get; init; }

    /// <summary>Asks the kernel.</summary>
    /// <returns>Null where it does not tell.</returns>
    public static FileStatus? Read(SafeFileHandle file)
    {
        var added = false;
        try
        {
            file.DangerousAddRef(ref added);
            var descriptor = (int)file.DangerousGetHandle();
            if (StatX(descriptor, "", FreshOfOpenFile, Wanted, out var status) != 0 || FileSystemStatus(descriptor, out var system) != 0) return null;
            return new FileStatus
            {
                Inode = status.Inode,
                Generation = Control(descriptor, GetVersion, out var generation) == 0 ? generation : 0,
                BirthNanoseconds = (status.BirthSeconds * NanosecondsPerSecond) + status.BirthNanoseconds,
                ModifiedNanoseconds = (status.ModifiedSeconds * NanosecondsPerSecond) + status.ModifiedNanoseconds,
                ChangedNanoseconds = (status.ChangedSeconds * NanosecondsPerSecond) + status.ChangedNanoseconds,
                Size = status.Size,
                Device = ((ulong)status.DeviceMajor << 32) | status.DeviceMinor,
                MountId = status.MountId,
                FileSystemType = (uint)system.Type,
                FileSystemId = system.Id,
            };
        }
        finally
        {
            if (added) file.DangerousRelease();
        }
    }

    [LibraryImport("libc", EntryPoint = "statx", StringMarshalling = StringMarshalling.Utf8)]
    private static partial int StatX(int directory, string path, int flags, uint mask, out StatXFields status);

    [LibraryImport("libc", EntryPoint = "ioctl")]
    private static partial int Control(int descriptor, nuint request, out uint value);

    [LibraryImport("libc", EntryPoint = "fstatfs")]
    private static partial int FileSystemStatus(int descriptor, out FileSystemFields status);

    // struct statx of linux/stat.h, as far as it is read here.
    [StructLayout(LayoutKind.Explicit, Size = 256)]
    private struct StatXFields
    {
        [FieldOffset(32)]
        public ulong Inode;

        [FieldOffset(40)]
        public long Size;

        [FieldOffset(80)]
        public long BirthSeconds;

        [FieldOffset(88)]
        public uint BirthNanoseconds;

        [FieldOffset(96)]
        public long ChangedSeconds;

        [FieldOffset(104)]
        public uint ChangedNanoseconds;

        [FieldOffset(112)]
        public long ModifiedSeconds;

        [FieldOffset(120)]
        public uint ModifiedNanoseconds;

        [FieldOffset(128)]
        public uint DeviceMajor;

        [FieldOffset(132)]
        public uint DeviceMinor;

        [FieldOffset(144)]
        public ulong MountId;
    }

    // struct statfs of the 64-bit architectures.
    [StructLayout(LayoutKind.Explicit, Size = 120)]
    private struct FileSystemFields
    {
        [FieldOffset(0)]
        public long Type;

        [FieldOffset(56)]
        public ulong Id;
    }
}
