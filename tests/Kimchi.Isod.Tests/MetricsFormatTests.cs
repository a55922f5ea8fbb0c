using Kimchi.Isod.Api;

namespace Kimchi.Isod.Tests;

/// <summary>Which format of metrics a client is sent.</summary>
public sealed class MetricsFormatTests
{
    [TestCase(null, MetricsFormat.OpenMetrics)]
    [TestCase("*/*", MetricsFormat.OpenMetrics)]
    [TestCase("text/plain", MetricsFormat.Prometheus)]
    [TestCase("text/plain;version=0.0.4;q=0.5,*/*;q=0.1", MetricsFormat.Prometheus)]
    [TestCase("application/openmetrics-text;version=1.0.0,text/plain;version=0.0.4;q=0.5,*/*;q=0.1", MetricsFormat.OpenMetrics)]
    [TestCase("image/png", MetricsFormat.OpenMetrics)]
    public void Older_one_is_for_clients_that_take_no_other(string? accept, object format) =>
        Assert.That(MetricsFormats.Choose(accept), Is.EqualTo(format));
}
