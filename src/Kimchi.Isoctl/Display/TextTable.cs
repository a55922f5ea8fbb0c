using System.Text;

namespace Kimchi.Isoctl.Display;

/// <summary>Rows of text in columns, for eyes and for pipes: no lines, nothing cut.</summary>
internal static class TextTable
{
    /// <summary>Writes the rows, each column as wide as its widest text.</summary>
    /// <param name="output">Where to.</param>
    /// <param name="rows">The rows, the headings first.</param>
    public static void Write(TextWriter output, IReadOnlyList<string[]> rows)
    {
        var widths = Enumerable.Range(0, rows[0].Length).Select(column => rows.Max(row => row[column].Length)).ToArray();
        foreach (var row in rows)
        {
            var line = new StringBuilder();
            for (var column = 0; column < row.Length; column++) line.Append(row[column].PadRight(widths[column] + 2));
            output.WriteLine(line.ToString().TrimEnd());
        }
    }
}
