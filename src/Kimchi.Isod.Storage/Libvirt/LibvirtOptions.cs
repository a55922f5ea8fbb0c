namespace Kimchi.Isod.Storage.Libvirt;

/// <summary>How libvirt is reached: the section <c>libvirt</c> of the configuration.</summary>
public sealed record LibvirtOptions
{
    /// <summary>The connection URI. Default <c>storage:///system</c>.</summary>
    /// <remarks>
    /// It reaches virtstoraged where that has a socket, else libvirtd, and needs no hypervisor driver. Through virtqemud (<c>qemu:///system</c>)
    /// every byte passes one process more: 209 instead of 444 MiB/s onto a disk.
    /// </remarks>
    public string Uri { get; init; } = "storage:///system";

    /// <summary>Seconds between two keepalive messages, 0 for none, up to 3600. Default 10.</summary>
    /// <remarks>libvirtd's main loop waits while a slow disk takes a write: a few seconds would drop every client.</remarks>
    public int KeepaliveInterval { get; init; } = 10;

    /// <summary>How many keepalive messages may go unanswered before the connection is given up, 1 to 1000. Default 5.</summary>
    public int KeepaliveCount { get; init; } = 5;

    /// <summary>How long a call that only asks libvirt may take, and opening a connection, 1 second to an hour. Default 30 s.</summary>
    /// <remarks>Calls that make or move something may take twenty times as long. A call that takes longer is given up with its connection.</remarks>
    public TimeSpan CallTimeout { get; init; } = TimeSpan.FromSeconds(30);
}
