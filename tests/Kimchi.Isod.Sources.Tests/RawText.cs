using System.Text;

namespace Kimchi.Isod.Sources.Tests;

internal static class RawText
{
    /// <summary>Text whose characters are these bytes, for a server that writes its text as Latin-1.</summary>
    public static string ToLatin1(this ReadOnlySpan<byte> bytes) => Encoding.Latin1.GetString(bytes);
}
