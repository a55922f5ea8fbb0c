using System.Globalization;
using Kimchi.Isod.Contracts;

namespace Kimchi.Isod.Configuration;

/// <summary>Reads typed values from the layers, and collects everything that is wrong with them.</summary>
internal sealed class SettingsReader(IReadOnlyList<SettingsLayer> layers)
{
    private readonly List<string> _faults = [];
    private readonly Dictionary<string, string?> _given = new(StringComparer.OrdinalIgnoreCase);

    /// <summary>Every key with the text that it was given, or null where it has its default.</summary>
    public IReadOnlyDictionary<string, string?> Given => _given;

    /// <summary>Ends the reading.</summary>
    /// <exception cref="ConfigurationException">A value was bad, or a key is not known.</exception>
    public void ThrowIfFaulty()
    {
        foreach (var layer in layers)
        {
            // Only its first word: a line without its '=' has its value in the key, which may be a secret.
            foreach (var key in layer.Values.Keys.Where(k => !_given.ContainsKey(k)).Select(FirstWord).Order(StringComparer.Ordinal))
                _faults.Add($"{layer.Origin}: {key}: there is no such key; the shipped kimchi-isod.conf lists them all");
        }

        if (_faults.Count > 0) throw new ConfigurationException(_faults);
    }

    public string Text(string key, string fallback) =>
        Read(key, fallback, "some text", static text => text.Length > 0 ? text : null);

    public string? OptionalText(string key) => Read<string?>(key, null, "some text", static text => text);

    public IReadOnlyList<string> List(string key, IReadOnlyList<string> fallback) =>
        Read(key, fallback, "names separated by commas", static text =>
            text.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries));

    public bool Flag(string key, bool fallback) => ReadValue(key, fallback, "true or false", static text => text.ToUpperInvariant() switch
    {
        "TRUE" or "YES" or "ON" or "1" => true,
        "FALSE" or "NO" or "OFF" or "0" => false,
        _ => null,
    });

    public int Number(string key, int fallback, int least, int most) =>
        ReadValue(key, fallback, $"a whole number from {least} to {most}", text =>
            int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var value)
            && value >= least && value <= most ? value : (int?)null);

    public long Size(string key, long fallback, long least, long most) =>
        ReadValue(key, fallback, $"a size from {least} to {most} bytes, such as 64M", text =>
            SizeText.Parse(text) is { } value && value >= least && value <= most ? value : null);

    public TimeSpan Duration(string key, TimeSpan fallback, TimeSpan least, TimeSpan most) =>
        ReadValue(key, fallback, $"a time from {least.TotalSeconds} to {most.TotalSeconds} seconds, such as 30s or 5m", text =>
            DurationText.Parse(text) is { } value && value >= least && value <= most ? value : null);

    public T Choice<T>(string key, T fallback)
        where T : struct, Enum => ReadValue(key, fallback, $"one of {string.Join(", ", Names<T>())}", text =>
            Names<T>().Contains(text, StringComparer.Ordinal) ? Enum.Parse<T>(text, ignoreCase: true) : null);

    /// <summary>Reads a value that only its own parser understands, which gives null for a bad one.</summary>
    public T Read<T>(string key, T fallback, string expected, Func<string, T?> parse) =>
        ReadShown(key, fallback, expected, parse, static text => $"'{text}'");

    /// <summary>Reads a value that may have a password in it: a bad one is not shown.</summary>
    public T ReadSecret<T>(string key, T fallback, string expected, Func<string, T?> parse) =>
        ReadShown(key, fallback, expected, parse, static _ => "the value");

    /// <inheritdoc cref="Read"/>
    public T ReadValue<T>(string key, T fallback, string expected, Func<string, T?> parse)
        where T : struct
    {
        if (Find(key) is not { } found) return fallback;
        if (parse(found.Value) is { } value) return value;
        AddFault(found.Origin, key, $"'{found.Value}'", expected);
        return fallback;
    }

    private T ReadShown<T>(string key, T fallback, string expected, Func<string, T?> parse, Func<string, string> show)
    {
        if (Find(key) is not { } found) return fallback;
        if (parse(found.Value) is { } value) return value;
        AddFault(found.Origin, key, show(found.Value), expected);
        return fallback;
    }

    private (string Origin, string Value)? Find(string key)
    {
        var layer = layers.LastOrDefault(l => l.Values.ContainsKey(key));
        _given[key] = layer?.Values[key].Trim();
        return layer is null ? null : (layer.Origin, layer.Values[key].Trim());
    }

    // Nothing that systemd keeps as a secret is shown.
    private void AddFault(string origin, string key, string shown, string expected) => _faults.Add(
        $"{origin}: {key}: {(origin == SettingsLayer.Credentials ? "the value" : shown)} is not usable; give {expected}");

    private static string FirstWord(string key) => new([.. key.TakeWhile(c => !char.IsWhiteSpace(c))]);

    private static string[] Names<T>()
        where T : struct, Enum => [.. Enum.GetNames<T>().Select(n => n.ToLowerInvariant())];
}
