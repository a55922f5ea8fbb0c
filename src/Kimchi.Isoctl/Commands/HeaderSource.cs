namespace Kimchi.Isoctl.Commands;

/// <summary>Where the headers of a start come from: the command line, which everybody on the machine can read, and a file.</summary>
internal static class HeaderSource
{
    /// <summary>Reads them.</summary>
    /// <param name="given">Each as <c>NAME: VALUE</c>.</param>
    /// <param name="file">A file of such lines, <c>-</c> for the standard input; null for none. Empty lines and those that begin with # are skipped.</param>
    /// <returns>Null for none.</returns>
    /// <exception cref="IsoctlException">One of them is not a header, or the file cannot be read.</exception>
    public static Dictionary<string, string?>? Read(IReadOnlyList<string> given, string? file)
    {
        var headers = new Dictionary<string, string?>(StringComparer.OrdinalIgnoreCase);
        for (var i = 0; i < given.Count; i++) Add(headers, given[i], $"--header number {i + 1}");
        if (file is not null) AddFile(headers, file);
        return headers.Count == 0 ? null : headers;
    }

    private static void AddFile(Dictionary<string, string?> headers, string file)
    {
        try
        {
            using var reader = file == "-" ? Console.In : new StreamReader(file);
            for (var number = 1; reader.ReadLine() is { } line; number++)
            {
                if (line.Trim().Length > 0 && !line.StartsWith('#')) Add(headers, line, $"line {number} of the file of --header-file");
            }
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new IsoctlException(ExitCode.Usage, $"the headers cannot be read: {e.Message}");
        }
    }

    // Its text may be a secret, so that only its place is told.
    private static void Add(Dictionary<string, string?> headers, string text, string place)
    {
        if (text.Split(':', 2) is not [var name, var value] || name.Trim().Length == 0)
            throw new IsoctlException(ExitCode.Usage, $"{place} is no header; give one such as 'Authorization: Bearer TOKEN'");
        if (!headers.TryAdd(name.Trim(), value.Trim())) throw new IsoctlException(ExitCode.Usage, $"the header '{name.Trim()}' is there twice");
    }
}
