using System.Globalization;
using System.Xml;

namespace LibvirtSharp;

/// <summary>What a new volume is to be: libvirt's formatstorage.html.</summary>
public sealed record StorageVolumeDefinition
{
    /// <summary>Its name, unique in its pool.</summary>
    public required string Name { get; init; }

    /// <summary>Its size in bytes.</summary>
    public required ulong Capacity { get; init; }

    /// <summary>Bytes to take from the pool at once; null leaves it to libvirt, which takes all.</summary>
    public ulong? Allocation { get; init; }

    /// <summary>Its format, such as <c>raw</c>; null for the pool's default.</summary>
    public string? Format { get; init; }

    /// <summary>Its permissions in octal, such as <c>0644</c>; null for 0600.</summary>
    public string? Mode { get; init; }

    /// <summary>The id of its owner, or null for the daemon's.</summary>
    public uint? Owner { get; init; }

    /// <summary>The id of its group, or null for the daemon's.</summary>
    public uint? Group { get; init; }

    /// <summary>The definition as libvirt reads it.</summary>
    public string ToXml() => DefinitionXml.Write(xml =>
    {
        xml.WriteStartElement("volume");
        xml.WriteElementString("name", Name);
        WriteBytes(xml, "capacity", Capacity);
        if (Allocation is { } allocation) WriteBytes(xml, "allocation", allocation);
        WriteTarget(xml);
        xml.WriteEndElement();
    });

    private void WriteTarget(XmlWriter xml)
    {
        xml.WriteStartElement("target");
        if (Format is not null)
        {
            xml.WriteStartElement("format");
            xml.WriteAttributeString("type", Format);
            xml.WriteEndElement();
        }

        if (Mode is not null || Owner is not null || Group is not null)
        {
            xml.WriteStartElement("permissions");
            if (Mode is not null) xml.WriteElementString("mode", Mode);
            if (Owner is { } owner) xml.WriteElementString("owner", owner.ToString(CultureInfo.InvariantCulture));
            if (Group is { } group) xml.WriteElementString("group", group.ToString(CultureInfo.InvariantCulture));
            xml.WriteEndElement();
        }

        xml.WriteEndElement();
    }

    private static void WriteBytes(XmlWriter xml, string element, ulong bytes)
    {
        xml.WriteStartElement(element);
        xml.WriteAttributeString("unit", "bytes");
        xml.WriteString(bytes.ToString(CultureInfo.InvariantCulture));
        xml.WriteEndElement();
    }
}
