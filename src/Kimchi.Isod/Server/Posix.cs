using System.Runtime.InteropServices;

namespace Kimchi.Isod.Server;

/// <summary>The calls of libc that .NET has no form of.</summary>
internal static unsafe partial class Posix
{
    /// <summary>umask(2): sets the bits that new files do not get.</summary>
    /// <returns>The bits before.</returns>
    [LibraryImport("libc", EntryPoint = "umask")]
    public static partial uint SetUmask(uint mask);

    /// <summary>Gives a file to a group, and leaves its owner.</summary>
    /// <exception cref="IOException">There is no such group, or the daemon may not.</exception>
    public static void SetGroup(string path, string group)
    {
        var entry = GetGroup(group);
        if (entry is null) throw new IOException($"there is no group '{group}'");
        if (ChangeOwner(path, uint.MaxValue, entry->Id) != 0)
            throw new IOException($"{path} cannot be given to the group '{group}': {Marshal.GetLastPInvokeErrorMessage()}");
    }

    [LibraryImport("libc", EntryPoint = "getgrnam", StringMarshalling = StringMarshalling.Utf8, SetLastError = true)]
    private static partial GroupEntry* GetGroup(string name);

    [LibraryImport("libc", EntryPoint = "lchown", StringMarshalling = StringMarshalling.Utf8, SetLastError = true)]
    private static partial int ChangeOwner(string path, uint user, uint group);

    // struct group of <grp.h>: two pointers, the id, and the members, which nobody reads here.
    [StructLayout(LayoutKind.Sequential)]
    private readonly struct GroupEntry
    {
        private readonly byte* _name;
        private readonly byte* _password;

        public readonly uint Id;
    }
}
