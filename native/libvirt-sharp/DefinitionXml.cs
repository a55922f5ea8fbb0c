using System.Text;
using System.Xml;

namespace LibvirtSharp;

/// <summary>Writes definitions, so that no name can break out of its element.</summary>
internal static class DefinitionXml
{
    private static readonly XmlWriterSettings Settings = new() { OmitXmlDeclaration = true };

    public static string Write(Action<XmlWriter> write)
    {
        var text = new StringBuilder();
        using (var xml = XmlWriter.Create(text, Settings)) write(xml);
        return text.ToString();
    }
}
