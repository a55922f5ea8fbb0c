namespace Kimchi.Isod.Storage.Libvirt;

/// <summary>Which file system a path is on: proc_pid_mountinfo(5).</summary>
internal static class FileSystems
{
    // Where libvirt's posix_fallocate takes milliseconds. Elsewhere it writes zeros instead, for minutes.
    // tmpfs takes every page then, 0.24 s for each GiB before a byte has come.
    private static readonly string[] QuickToAllocate = ["ext4", "xfs", "btrfs"];

    /// <summary>Whether space can be allocated at once there.</summary>
    public static bool AllocatesQuickly(string path) =>
        FindType(path, File.ReadLines("/proc/self/mountinfo")) is { } type && QuickToAllocate.Contains(type, StringComparer.Ordinal);

    /// <summary>The type of the file system that holds <paramref name="path"/>: that of the longest mount point above it.</summary>
    internal static string? FindType(string path, IEnumerable<string> mounts)
    {
        var (longest, type) = ("", (string?)null);
        foreach (var mount in mounts)
        {
            var fields = mount.Split(' ');
            var separator = Array.IndexOf(fields, "-");
            if (separator < 5 || separator + 1 >= fields.Length) continue;
            var point = Unescape(fields[4]);
            // Of mounts on the same point the last one covers the others.
            if (point.Length >= longest.Length && Holds(point, path)) (longest, type) = (point, fields[separator + 1]);
        }

        return type;
    }

    private static bool Holds(string point, string path) =>
        point == "/" || path == point || path.StartsWith(point + "/", StringComparison.Ordinal);

    private static string Unescape(string field) => field
        .Replace("\\040", " ", StringComparison.Ordinal)
        .Replace("\\011", "\t", StringComparison.Ordinal)
        .Replace("\\012", "\n", StringComparison.Ordinal)
        .Replace("\\134", "\\", StringComparison.Ordinal);
}
