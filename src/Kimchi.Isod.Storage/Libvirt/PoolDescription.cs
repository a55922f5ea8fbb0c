using System.Xml.Linq;

namespace Kimchi.Isod.Storage.Libvirt;

/// <summary>What matters of a pool's definition.</summary>
/// <param name="Type">Such as <c>dir</c>.</param>
internal sealed record PoolDescription(string Type)
{
    private static readonly string[] FileTypes = ["dir", "fs", "netfs"];
    private static readonly string[] BlockTypes = ["logical", "disk"];

    /// <summary>Whether its volumes are files, which may be sparse.</summary>
    public bool HasFiles => FileTypes.Contains(Type, StringComparer.Ordinal);

    /// <summary>Whether volumes can be made in it and uploaded to: not so for iscsi, scsi, mpath, rbd and gluster.</summary>
    public bool TakesUploads => HasFiles || BlockTypes.Contains(Type, StringComparer.Ordinal);

    /// <summary>Reads a definition: libvirt's formatstorage.html.</summary>
    public static PoolDescription Parse(string xml) => new((string?)XElement.Parse(xml).Attribute("type") ?? "");
}
