namespace Kimchi.Isod.Storage.Libvirt;

/// <summary>What matters of a kind of file system.</summary>
/// <param name="IsLocal">Whether no other machine can write to it: then a file that is seen is the file that libvirt writes.</param>
/// <param name="AllocatesQuickly">Whether posix_fallocate(3) takes milliseconds there. Elsewhere libvirt's writes zeros instead, for
/// minutes.</param>
internal readonly record struct FileSystemKind(bool IsLocal, bool AllocatesQuickly);

/// <summary>Knows file systems by the numbers in linux/magic.h, statfs(2) and the sources of those that are not in the kernel.</summary>
internal static class FileSystems
{
    private static readonly Dictionary<uint, FileSystemKind> Kinds = new()
    {
        [0x0000ef53] = new(IsLocal: true, AllocatesQuickly: true), // ext2, ext3, ext4
        [0x58465342] = new(IsLocal: true, AllocatesQuickly: true), // xfs
        [0x9123683e] = new(IsLocal: true, AllocatesQuickly: true), // btrfs
        [0xf2f52010] = new(IsLocal: true, AllocatesQuickly: true), // f2fs
        [0x01161970] = new(IsLocal: false, AllocatesQuickly: true), // gfs2
        [0x7461636f] = new(IsLocal: false, AllocatesQuickly: true), // ocfs2
        // Takes every page then, 0.24 s for each GiB before a byte has come.
        [0x01021994] = new(IsLocal: true, AllocatesQuickly: false), // tmpfs, devtmpfs
        [0x858458f6] = new(IsLocal: true, AllocatesQuickly: false), // ramfs
        [0x2fc12fc1] = new(IsLocal: true, AllocatesQuickly: false), // zfs
        [0xca451a4e] = new(IsLocal: true, AllocatesQuickly: false), // bcachefs
        [0x3153464a] = new(IsLocal: true, AllocatesQuickly: false), // jfs
        [0x52654973] = new(IsLocal: true, AllocatesQuickly: false), // reiserfs
        [0x794c7630] = new(IsLocal: true, AllocatesQuickly: false), // overlayfs
        [0x00004d44] = new(IsLocal: true, AllocatesQuickly: false), // vfat
        [0x2011bab0] = new(IsLocal: true, AllocatesQuickly: false), // exfat
        [0x7366746e] = new(IsLocal: true, AllocatesQuickly: false), // ntfs3
    };

    /// <summary>The kind of a file system; one that is not known may be on a network, and allocates slowly.</summary>
    /// <param name="type">Its number in f_type.</param>
    public static FileSystemKind Judge(uint type) => Kinds.GetValueOrDefault(type);
}
