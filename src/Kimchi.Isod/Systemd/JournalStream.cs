namespace Kimchi.Isod.Systemd;

/// <summary>Whether systemd has connected the daemon's output to the journal: <c>JOURNAL_STREAM</c> of systemd.exec(5).</summary>
internal static class JournalStream
{
    private static readonly string[] Outputs = ["/proc/self/fd/2", "/proc/self/fd/1"];

    /// <summary>Whether one of the outputs still is the socket that the variable names: device, colon, inode.</summary>
    public static bool IsOurs(string? variable) =>
        variable?.Split(':') is [_, { Length: > 0 } inode] && Outputs.Any(output => new FileInfo(output).LinkTarget == $"socket:[{inode}]");
}
