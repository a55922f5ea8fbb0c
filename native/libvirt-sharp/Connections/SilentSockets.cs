using System.Globalization;
using LibvirtSharp.Interop;

namespace LibvirtSharp.Connections;

/// <summary>
/// TCP sockets that libvirt waits on before its event loop knows them: while they connect, and while TLS or SSH shake hands. libvirt
/// gives neither a bound, so that a host that has hung would keep the thread for ever.
/// </summary>
internal static class SilentSockets
{
    private const string Descriptors = "/proc/self/fd";
    private static readonly string[] Tables = ["/proc/self/net/tcp", "/proc/self/net/tcp6"];

    /// <summary>
    /// Shuts down this process's sockets to a port, on whichever host, but for those of the event loop: such as are opening too.
    /// </summary>
    /// <param name="port">The port at the other side.</param>
    /// <param name="isWatched">Whether the event loop has a descriptor.</param>
    public static void ShutDown(int port, Func<int, bool> isWatched)
    {
        var sockets = FindTo(port);
        foreach (var path in Directory.EnumerateFileSystemEntries(Descriptors))
        {
            var descriptor = int.Parse(Path.GetFileName(path), CultureInfo.InvariantCulture);
            if (!isWatched(descriptor) && sockets.Contains(NameOf(descriptor)))
                ShutDown(descriptor, sockets);
        }
    }

    // Its number may be another file's by now: the duplicate stays what it is, so that one is looked at and used.
    private static void ShutDown(int descriptor, HashSet<string> sockets)
    {
        var duplicate = NativeMethods.fcntl(descriptor, NativeMethods.DuplicateCloseOnExec, 0);
        if (duplicate < 0)
            return;
        if (sockets.Contains(NameOf(duplicate)))
            _ = NativeMethods.shutdown(duplicate, NativeMethods.ShutBoth);
        _ = NativeMethods.close(duplicate);
    }

    // proc_pid_net(5): the third field is the other side's address and port, in hexadecimal digits, the tenth the inode.
    private static HashSet<string> FindTo(int port)
    {
        var end = ":" + port.ToString("X4", CultureInfo.InvariantCulture);
        return Tables.Where(File.Exists).SelectMany(File.ReadLines)
            .Select(line => line.Split(' ', StringSplitOptions.RemoveEmptyEntries))
            .Where(fields => fields.Length > 9 && fields[2].EndsWith(end, StringComparison.Ordinal))
            .Select(fields => $"socket:[{fields[9]}]")
            .ToHashSet(StringComparer.Ordinal);
    }

    private static string NameOf(int descriptor)
    {
        try
        {
            return new FileInfo($"{Descriptors}/{descriptor}").LinkTarget ?? "";
        }
        catch (IOException)
        {
            return ""; // It was closed meanwhile.
        }
    }
}
