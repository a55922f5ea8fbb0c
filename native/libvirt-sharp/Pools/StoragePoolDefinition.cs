using System.Xml;
using LibvirtSharp.Interop;

namespace LibvirtSharp;

/// <summary>
/// What <see cref="LibvirtConnection.DefineStoragePool(StoragePoolDefinition)"/> needs to know (libvirt.org/formatstorage.html).
/// </summary>
public sealed record StoragePoolDefinition
{
    /// <summary>The pool's name, unique on the server.</summary>
    public required string Name { get; init; }

    /// <summary>The pool's type, such as <c>dir</c> (the default), <c>fs</c>, <c>netfs</c>, <c>logical</c>.</summary>
    public string Type { get; init; } = "dir";

    /// <summary>The pool's UUID; null lets libvirt choose.</summary>
    public Guid? Uuid { get; init; }

    /// <summary>
    /// Where the pool is found on the server: the directory of a dir pool, the mount point of an fs or netfs pool.
    /// </summary>
    public string? TargetPath { get; init; }

    /// <summary>The host of a netfs pool.</summary>
    public string? SourceHost { get; init; }

    /// <summary>The exported directory of a netfs pool.</summary>
    public string? SourceDirectory { get; init; }

    /// <summary>The block device of an fs or logical pool.</summary>
    public string? SourceDevice { get; init; }

    /// <summary>The name of the source, such as the volume group of a logical pool.</summary>
    public string? SourceName { get; init; }

    /// <summary>The format of the source, such as <c>ext4</c>, <c>nfs</c>, <c>lvm2</c>.</summary>
    public string? SourceFormat { get; init; }

    /// <summary>
    /// The target's mode, in octal digits such as <c>0711</c>; set when <see cref="StoragePool.Build()"/> makes it.
    /// </summary>
    public string? Mode { get; init; }

    /// <summary>The target's owner, a user id.</summary>
    public uint? Owner { get; init; }

    /// <summary>The target's group, a group id.</summary>
    public uint? Group { get; init; }

    /// <summary>The description in libvirt's XML.</summary>
    /// <exception cref="ArgumentException">A text has characters that XML cannot carry, or the mode is not octal.</exception>
    public string ToXml() => DefinitionXml.Document(writer =>
    {
        writer.WriteStartElement("pool");
        writer.WriteAttributeString("type", Type);
        writer.WriteElementString("name", Name);
        writer.Optional("uuid", Uuid?.ToString("D"));
        WriteSource(writer);
        WriteTarget(writer);
        writer.WriteEndElement();
    });

    private void WriteSource(XmlWriter writer)
    {
        if ((SourceHost ?? SourceDirectory ?? SourceDevice ?? SourceName ?? SourceFormat) is null)
            return;
        writer.WriteStartElement("source");
        writer.Optional("host", "name", SourceHost);
        writer.Optional("dir", "path", SourceDirectory);
        writer.Optional("device", "path", SourceDevice);
        writer.Optional("name", SourceName);
        writer.Optional("format", "type", SourceFormat);
        writer.WriteEndElement();
    }

    private void WriteTarget(XmlWriter writer)
    {
        if (TargetPath is null)
            return;
        writer.WriteStartElement("target");
        writer.WriteElementString("path", TargetPath);
        writer.Permissions(Mode, Owner, Group);
        writer.WriteEndElement();
    }
}
