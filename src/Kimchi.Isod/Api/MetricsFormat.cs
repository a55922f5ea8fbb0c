namespace Kimchi.Isod.Api;

/// <summary>How metrics are written.</summary>
internal enum MetricsFormat
{
    /// <summary>OpenMetrics 1.0: https://github.com/prometheus/OpenMetrics. What is sent where nothing else is asked for.</summary>
    OpenMetrics,

    /// <summary>Prometheus's own older format, for readers that know no other, such as <c>promtool check metrics</c>.</summary>
    Prometheus,
}

/// <summary>Which format a client is sent.</summary>
internal static class MetricsFormats
{
    public const string OpenMetricsType = "application/openmetrics-text; version=1.0.0; charset=utf-8";
    public const string PrometheusType = "text/plain; version=0.0.4; charset=utf-8";

    /// <summary>The older one only for a client that asks for plain text and does not take the other.</summary>
    public static MetricsFormat Choose(string? accept) =>
        accept is not null
        && accept.Contains("text/plain", StringComparison.OrdinalIgnoreCase)
        && !accept.Contains("application/openmetrics-text", StringComparison.OrdinalIgnoreCase)
            ? MetricsFormat.Prometheus : MetricsFormat.OpenMetrics;

    public static string ContentTypeOf(MetricsFormat format) => format is MetricsFormat.Prometheus ? PrometheusType : OpenMetricsType;
}
