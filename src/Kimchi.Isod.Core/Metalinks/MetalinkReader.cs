using System.Xml;
using Kimchi.Isod.Core.Errors;
using Kimchi.Isod.Core.Volumes;

namespace Kimchi.Isod.Core.Metalinks;

/// <summary>Reads metalinks: RFC 5854 (<c>.meta4</c>), and version 3 (<c>.metalink</c>).</summary>
public static class MetalinkReader
{
    /// <summary>The most bytes that a metalink may have: SHA-1 hashes for 130,000 pieces.</summary>
    public const int MostBytes = 8 << 20;

    private const int MostNamed = 5;

    /// <summary>Reads what a metalink says of a file.</summary>
    /// <param name="bytes">The metalink.</param>
    /// <param name="names">Names that the file may have. They choose among several files; that of a single file need not be one of them.</param>
    /// <exception cref="DownloadException">It cannot be used, or has several files and none of these (<see cref="DownloadErrorKind.MetalinkInvalid"/>).</exception>
    public static Metalink Read(byte[] bytes, IReadOnlyList<string> names)
    {
        if (bytes.Length > MostBytes) throw Metalink.Invalid($"it has more than {MostBytes} bytes");
        try
        {
            var files = new List<string>();
            ReadFiles(bytes, (_, xml) =>
            {
                files.Add(MetalinkFile.ReadName(xml) ?? "");
                xml.Skip();
            });
            var chosen = Choose(files, names);
            Metalink? read = null;
            ReadFiles(bytes, (index, xml) =>
            {
                if (index == chosen) read = new MetalinkFile(xml).Read();
                else xml.Skip();
            });
            return read!;
        }
        catch (XmlException e)
        {
            throw Metalink.Invalid(
                $"it is no well-formed XML, or has a document type (line {e.LineNumber}, position {e.LinePosition}); open its URL in a browser and look", e);
        }
    }

    // Version 3 has its files within an element of their own.
    private static void ReadFiles(byte[] bytes, Action<int, MetalinkXml> read)
    {
        var count = 0;
        using var xml = new MetalinkXml(bytes);
        xml.ReadChildren(ReadChild);
        xml.ReadToEnd();

        void ReadChild(string name)
        {
            if (name == "file") read(count++, xml);
            else if (name == "files") xml.ReadChildren(ReadChild);
            else xml.Skip();
        }
    }

    private static int Choose(List<string> files, IReadOnlyList<string> names)
    {
        if (files.Count == 0) throw Metalink.Invalid("it names no file");
        if (files.Count == 1) return 0;
        foreach (var name in names)
        {
            if (files.IndexOf(name) is >= 0 and var index && index == files.LastIndexOf(name)) return index;
        }

        var shown = string.Join(", ", files.Take(MostNamed).Select(VolumeName.Quote)) + (files.Count > MostNamed ? ", …" : "");
        throw Metalink.Invalid($"it is of {files.Count} files ({shown}): give the name of one of them as the field 'name'");
    }
}
