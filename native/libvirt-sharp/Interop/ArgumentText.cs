using System.Runtime.CompilerServices;

namespace LibvirtSharp.Interop;

/// <summary>Text on its way into C, where a NUL would silently cut it.</summary>
internal static class ArgumentText
{
    /// <summary>Gives back <paramref name="text"/>, which must be neither null nor contain a NUL.</summary>
    internal static string Checked(string text, [CallerArgumentExpression(nameof(text))] string? name = null)
    {
        ArgumentNullException.ThrowIfNull(text, name);
        return text.Contains('\0', StringComparison.Ordinal)
            ? throw new ArgumentException("The text contains a NUL character, where C would cut it.", name)
            : text;
    }
}
