using System.Globalization;
using System.Text;
using System.Xml;

namespace LibvirtSharp.Interop;

/// <summary>What pool and volume descriptions have in common.</summary>
internal static class DefinitionXml
{
    // Entitize: a parser turns a bare carriage return into a line feed, and the name would be another one.
    private static readonly XmlWriterSettings Settings = new()
    {
        OmitXmlDeclaration = true,
        NewLineHandling = NewLineHandling.Entitize,
    };

    /// <summary>The document that <paramref name="write"/> writes.</summary>
    /// <exception cref="ArgumentException">A text has characters that XML cannot carry.</exception>
    internal static string Document(Action<XmlWriter> write)
    {
        var text = new StringBuilder();
        using (var writer = XmlWriter.Create(text, Settings))
            write(writer);
        return text.ToString();
    }

    /// <summary>An element with text, unless there is none to write.</summary>
    internal static void Optional(this XmlWriter writer, string element, string? value)
    {
        if (value is not null)
            writer.WriteElementString(element, value);
    }

    /// <summary>An empty element with one attribute, unless there is none to write.</summary>
    internal static void Optional(this XmlWriter writer, string element, string attribute, string? value)
    {
        if (value is null)
            return;
        writer.WriteStartElement(element);
        writer.WriteAttributeString(attribute, value);
        writer.WriteEndElement();
    }

    /// <summary>A size in bytes.</summary>
    internal static void Size(this XmlWriter writer, string element, ulong bytes)
    {
        writer.WriteStartElement(element);
        writer.WriteAttributeString("unit", "bytes");
        writer.WriteString(bytes.ToString(CultureInfo.InvariantCulture));
        writer.WriteEndElement();
    }

    /// <summary>The <c>permissions</c> element, unless it would be empty.</summary>
    internal static void Permissions(this XmlWriter writer, string? mode, uint? owner, uint? group)
    {
        if (mode is null && owner is null && group is null)
            return;
        writer.WriteStartElement("permissions");
        writer.Optional("mode", mode is null ? null : Octal(mode));
        writer.Optional("owner", owner?.ToString(CultureInfo.InvariantCulture));
        writer.Optional("group", group?.ToString(CultureInfo.InvariantCulture));
        writer.WriteEndElement();
    }

    private static string Octal(string mode) =>
        mode.Length is > 0 and <= 5 && mode.All(static digit => digit is >= '0' and <= '7')
            ? mode
            : throw new ArgumentException($"The mode '{mode}' is not an octal number such as 0644.", nameof(mode));
}
