using System.Text;
using System.Xml;

namespace Kimchi.Isod.Core.Metalinks;

/// <summary>Steps through the XML of a metalink: no DTD, no entities but XML's own, and everything bounded. Elements of other namespaces are
/// passed by, with all that is in them: what MirrorManager says of a file's older versions has hashes and sizes, too.</summary>
internal sealed class MetalinkXml : IDisposable
{
    private const int MostDepth = 32;
    private const int LongestText = 8192;
    private const string Version3 = "http://www.metalinker.org/";
    private const string Version4 = "urn:ietf:params:xml:ns:metalink";

    private readonly BoundedInput _input;
    private readonly XmlReader _xml;
    private readonly string _namespace;

    /// <summary>Goes to the element <c>metalink</c>.</summary>
    /// <exception cref="XmlException">It is no XML.</exception>
    /// <exception cref="Errors.DownloadException">It is no metalink, or goes beyond a bound.</exception>
    public MetalinkXml(byte[] bytes)
    {
        _input = new BoundedInput(bytes);
        _xml = XmlReader.Create(_input, new XmlReaderSettings
        {
            DtdProcessing = DtdProcessing.Prohibit,
            XmlResolver = null,
            MaxCharactersInDocument = MetalinkReader.MostBytes,
            IgnoreComments = true,
            IgnoreProcessingInstructions = true,
            IgnoreWhitespace = true,
            NameTable = new BoundedNames(),
        });
        while (_xml.NodeType is not XmlNodeType.Element) Advance();
        _namespace = _xml.NamespaceURI;
        // Some writers leave the namespace out, and say the version only.
        if (_xml.LocalName != "metalink" || _namespace is not (Version3 or Version4 or ""))
            throw Metalink.Invalid("it is XML of another kind, neither RFC 5854 nor version 3");
    }

    /// <summary>The value of an attribute of the present element; null where it has none.</summary>
    public string? Attribute(string name) => _xml.GetAttribute(name);

    /// <summary>Goes through the children of the present element, and past its end.</summary>
    /// <param name="child">Takes each one, by its name, and goes past its end.</param>
    public void ReadChildren(Action<string> child)
    {
        if (!Enter(out var depth)) return;
        while (_xml.Depth > depth)
        {
            if (_xml.NodeType is not XmlNodeType.Element) Advance();
            else if (_xml.NamespaceURI == _namespace) child(_xml.LocalName);
            else Skip();
        }

        Advance();
    }

    /// <summary>The text of the present element without white space around it; goes past its end.</summary>
    public string ReadText()
    {
        var text = new StringBuilder();
        if (!Enter(out var depth)) return "";
        while (_xml.Depth > depth)
        {
            if (_xml.NodeType is XmlNodeType.Element)
            {
                Skip();
                continue;
            }

            text.Append(_xml.Value);
            if (text.Length > LongestText) throw Metalink.Invalid($"it has an element with a text of more than {LongestText} characters");
            Advance();
        }

        Advance();
        return text.ToString().Trim();
    }

    /// <summary>Goes past the end of the present element.</summary>
    public void Skip()
    {
        if (!Enter(out var depth)) return;
        while (_xml.Depth > depth) Advance();
        Advance();
    }

    /// <summary>Reads what is behind the last element: nothing that counts, but it has to be XML.</summary>
    public void ReadToEnd()
    {
        while (!_xml.EOF) Advance();
    }

    public void Dispose()
    {
        _xml.Dispose();
        _input.Dispose();
    }

    private bool Enter(out int depth)
    {
        depth = _xml.Depth;
        var hasContent = !_xml.IsEmptyElement;
        Advance();
        return hasContent;
    }

    private void Advance()
    {
        _input.BeginStep();
        _xml.Read();
        if (_xml.Depth > MostDepth) throw Metalink.Invalid($"its elements are nested more than {MostDepth} deep");
    }
}
