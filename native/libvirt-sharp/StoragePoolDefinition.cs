namespace LibvirtSharp;

/// <summary>What a new pool is to be: libvirt's formatstorage.html.</summary>
public sealed record StoragePoolDefinition
{
    /// <summary>Its name.</summary>
    public required string Name { get; init; }

    /// <summary>Its type: <c>dir</c>, <c>fs</c>, <c>netfs</c>, <c>logical</c> and so on. Default <c>dir</c>.</summary>
    public string Type { get; init; } = "dir";

    /// <summary>Where it is on the daemon's host, such as the directory of a pool of type dir.</summary>
    public string? TargetPath { get; init; }

    /// <summary>The definition as libvirt reads it.</summary>
    public string ToXml() => DefinitionXml.Write(xml =>
    {
        xml.WriteStartElement("pool");
        xml.WriteAttributeString("type", Type);
        xml.WriteElementString("name", Name);
        if (TargetPath is not null)
        {
            xml.WriteStartElement("target");
            xml.WriteElementString("path", TargetPath);
            xml.WriteEndElement();
        }

        xml.WriteEndElement();
    });
}
