using System.Xml;
using LibvirtSharp.Interop;

namespace LibvirtSharp;

/// <summary>
/// What <see cref="StoragePool.CreateVolume(StorageVolumeDefinition, StorageVolumeCreateOptions)"/> needs to know.
/// </summary>
public sealed record StorageVolumeDefinition
{
    /// <summary>
    /// The volume's name, in a dir pool the name of its file. libvirt refuses <c>/</c>, <c>.</c> and <c>..</c>, and takes line
    /// feeds, a leading <c>-</c> and marks that turn the writing direction.
    /// </summary>
    public required string Name { get; init; }

    /// <summary>The logical size, in bytes.</summary>
    public required ulong Capacity { get; init; }

    /// <summary>
    /// How much is allocated at once, in bytes: 0 makes a sparse volume, <see cref="Capacity"/> a whole one; null leaves it to
    /// libvirt, which allocates everything.
    /// </summary>
    public ulong? Allocation { get; init; }

    /// <summary>The format, such as <c>raw</c>, <c>iso</c>, <c>qcow2</c>; null is libvirt's default, raw in a dir pool.</summary>
    public string? Format { get; init; }

    /// <summary>The mode, in octal digits such as <c>0644</c>; null is libvirt's default, 0600.</summary>
    public string? Mode { get; init; }

    /// <summary>The owner, a user id; null is the pool's, else libvirtd's.</summary>
    public uint? Owner { get; init; }

    /// <summary>The group, a group id; null is the pool's, else libvirtd's.</summary>
    public uint? Group { get; init; }

    /// <summary>The description in libvirt's XML (libvirt.org/formatstorage.html).</summary>
    /// <exception cref="ArgumentException">A text has characters that XML cannot carry, or the mode is not octal.</exception>
    public string ToXml() => DefinitionXml.Document(writer =>
    {
        writer.WriteStartElement("volume");
        writer.WriteElementString("name", Name);
        writer.Size("capacity", Capacity);
        if (Allocation is { } allocation)
            writer.Size("allocation", allocation);
        WriteTarget(writer);
        writer.WriteEndElement();
    });

    private void WriteTarget(XmlWriter writer)
    {
        writer.WriteStartElement("target");
        writer.Optional("format", "type", Format);
        writer.Permissions(Mode, Owner, Group);
        writer.WriteEndElement();
    }
}
