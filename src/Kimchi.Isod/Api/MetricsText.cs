using System.Globalization;
using System.Text;

namespace Kimchi.Isod.Api;

/// <summary>The text format of OpenMetrics 1.0: https://github.com/prometheus/OpenMetrics.</summary>
internal sealed class MetricsText
{
    public const string ContentType = "application/openmetrics-text; version=1.0.0; charset=utf-8";

    private readonly StringBuilder _text = new();
    private string _family = "";

    /// <summary>Begins a family; its samples follow.</summary>
    /// <param name="name">Its name, without the prefix, and of a counter without <c>_total</c>.</param>
    /// <param name="type"><c>gauge</c>, <c>counter</c>, <c>histogram</c> or <c>info</c>.</param>
    /// <param name="help">One line.</param>
    public MetricsText Family(string name, string type, string help)
    {
        _family = $"kimchi_isod_{name}";
        _text.Append(CultureInfo.InvariantCulture, $"# TYPE {_family} {type}\n# HELP {_family} {help}\n");
        return this;
    }

    /// <summary>Adds a sample.</summary>
    /// <param name="suffix">What follows the family's name, such as <c>_total</c>.</param>
    /// <param name="value">Its value.</param>
    /// <param name="labels">Its labels.</param>
    public MetricsText Sample(string suffix, double value, params ReadOnlySpan<(string Name, string Value)> labels)
    {
        _text.Append(_family).Append(suffix);
        for (var i = 0; i < labels.Length; i++)
            _text.Append(i == 0 ? '{' : ',').Append(labels[i].Name).Append("=\"").Append(Escape(labels[i].Value)).Append('"');
        if (labels.Length > 0) _text.Append('}');
        _text.Append(CultureInfo.InvariantCulture, $" {value:R}\n");
        return this;
    }

    /// <summary>The whole of it.</summary>
    public string End() => _text.Append("# EOF\n").ToString();

    private static string Escape(string text) =>
        text.Replace("\\", "\\\\", StringComparison.Ordinal).Replace("\n", "\\n", StringComparison.Ordinal).Replace("\"", "\\\"", StringComparison.Ordinal);
}
