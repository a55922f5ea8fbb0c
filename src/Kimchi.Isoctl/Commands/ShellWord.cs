namespace Kimchi.Isoctl.Commands;

/// <summary>Words as a POSIX shell takes them.</summary>
internal static class ShellWord
{
    private const string Plain = "._-+,:@%/=";

    /// <summary>The word, in quotes where it needs some.</summary>
    public static string Quote(string word) => word.Length > 0 && word.All(c => char.IsAsciiLetterOrDigit(c) || Plain.Contains(c))
        ? word : $"'{word.Replace("'", "'\\''", StringComparison.Ordinal)}'";
}
