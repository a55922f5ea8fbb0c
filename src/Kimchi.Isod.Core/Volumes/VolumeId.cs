namespace Kimchi.Isod.Core.Volumes;

/// <summary>Which volume: two that differ in their host, their pool or their name are two volumes.</summary>
/// <param name="Pool">The pool's name.</param>
/// <param name="Name">The volume's name.</param>
/// <param name="Host">The libvirt that has the pool. Empty for the one of <c>libvirt:uri</c>, the only one that can be configured today; the
/// pools of a libvirt refuse the volumes of another.</param>
public readonly record struct VolumeId(string Pool, string Name, string Host = "")
{
    /// <summary>For messages: <c>POOL/NAME</c>, with <c>HOST:</c> before it where the host has a name.</summary>
    public override string ToString() => Host.Length == 0 ? $"{Pool}/{Name}" : $"{Host}:{Pool}/{Name}";
}
