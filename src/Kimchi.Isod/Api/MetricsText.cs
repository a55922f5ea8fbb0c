using System.Globalization;
using System.Text;

namespace Kimchi.Isod.Api;

/// <summary>The text of the metrics, in one of two formats. Samples are the same in both; the lines above them differ.</summary>
internal sealed class MetricsText(MetricsFormat format)
{
    private readonly StringBuilder _text = new();
    private string _family = "";

    /// <summary>Begins a family; its samples follow.</summary>
    /// <param name="name">Its name, without the prefix, and of a counter without <c>_total</c>.</param>
    /// <param name="type"><c>gauge</c>, <c>counter</c>, <c>histogram</c> or <c>info</c>.</param>
    /// <param name="help">One line.</param>
    public MetricsText Family(string name, string type, string help)
    {
        _family = $"kimchi_isod_{name}";
        var (shown, shownType) = (format, type) switch
        {
            (MetricsFormat.Prometheus, "counter") => (_family + "_total", type),
            (MetricsFormat.Prometheus, "info") => (_family + "_info", "gauge"),
            _ => (_family, type),
        };
        _text.Append(CultureInfo.InvariantCulture, $"# TYPE {shown} {shownType}\n# HELP {shown} {help}\n");
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
    public string End() => (format is MetricsFormat.OpenMetrics ? _text.Append("# EOF\n") : _text).ToString();

    private static string Escape(string text) =>
        text.Replace("\\", "\\\\", StringComparison.Ordinal).Replace("\n", "\\n", StringComparison.Ordinal).Replace("\"", "\\\"", StringComparison.Ordinal);
}
