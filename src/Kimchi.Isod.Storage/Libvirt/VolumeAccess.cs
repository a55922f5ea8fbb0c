namespace Kimchi.Isod.Storage.Libvirt;

/// <summary>How volumes are reached, and what is done with them.</summary>
/// <param name="Libvirt">Where libvirt is.</param>
/// <param name="Pools">How space is taken.</param>
/// <param name="Refresh">Lets libvirt read pools again.</param>
/// <param name="OnLost">Hears of connections that are lost.</param>
internal sealed record VolumeAccess(LibvirtOptions Libvirt, PoolOptions Pools, PoolRefresh Refresh, Action OnLost)
{
    /// <summary>Whether the URI names no other machine. It proves nothing by itself: a socket may be forwarded.</summary>
    public bool NamesThisMachine => Uri.TryCreate(Libvirt.Uri, UriKind.Absolute, out var uri) && uri.Host.Length == 0;
}
