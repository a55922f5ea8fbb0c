using System.Text.RegularExpressions;
using Kimchi.Isod.Fixtures;
using Microsoft.OpenApi;

namespace Kimchi.Isod.Integration.Tests;

/// <summary>Health, metrics, version and the description of the API.</summary>
[Parallelizable(ParallelScope.Self)]
public sealed class MonitoringTests : IsodTest
{
    [Test]
    public async Task Health_is_good_when_all_is_there()
    {
        var daemon = await StartAsync();

        var health = await daemon.Client.GetAsync("/healthz");

        Assert.That((int)health.Status, Is.EqualTo(200), health.Body);
        Assert.That(health.Field("healthy").GetBoolean());
        Assert.That(
            health.Field("checks").EnumerateArray().Select(c => c.GetProperty("name").GetString()),
            Is.EqualTo(new[] { "state", "libvirt", "pool ISO" }));
    }

    [Test]
    public async Task Health_names_what_is_down_and_the_mend()
    {
        using var libvirtd = new PrivateLibvirtd();
        using var pool = new TemporaryDirectory("pool");
        var daemon = Prepare(libvirtd, pool.Path);
        await daemon.StartAsync();
        libvirtd.Kill();

        var health = await daemon.Client.GetAsync("/healthz");
        var version = await daemon.Client.GetAsync("/version");
        var metrics = await daemon.Client.GetAsync("/metrics");

        Assert.That((int)health.Status, Is.EqualTo(503), health.Body);
        var down = health.Field("checks").EnumerateArray().Where(c => !c.GetProperty("healthy").GetBoolean()).ToList();
        Assert.That(down.Select(c => c.GetProperty("name").GetString()), Is.EqualTo(new[] { "libvirt", "pool ISO" }));
        Assert.That(down.Select(c => c.GetProperty("reason").GetString()), Is.All.StartWith("KCHLIB0001E: "));
        Assert.That(version.Body, Does.Contain("\"libvirt\":null"));
        Assert.That(metrics.Body, Does.Contain("kimchi_isod_libvirt_up 0\n"));
    }

    [Test]
    public async Task Version_is_that_of_the_command_line_and_of_libvirt()
    {
        var daemon = await StartAsync();

        var version = await daemon.Client.GetAsync("/version");

        Assert.That(version.Text("name"), Is.EqualTo("kimchi-isod"));
        Assert.That(version.Text("version"), Does.Match(@"^\d+\.\d+\.\d+"));
        Assert.That(version.Text("libvirt"), Does.Match(@"^\d+\.\d+\.\d+$"));
    }

    [Test]
    public async Task Metrics_count_what_happened_and_name_no_download()
    {
        var daemon = await StartAsync(("downloads:retries", "0"));
        var (name, broken) = (NewName(), NewName());
        Nginx.AddFile(name, 3_000_000);
        await daemon.Client.StartAsync(Nginx.Url(name) + "?token=s3cret", name);
        await daemon.Client.WaitUntilCompletedAsync(name);
        await daemon.Client.CallAsync("", new { url = Nginx.Url(name), name = broken, start_paused = true });

        var metrics = await daemon.Client.GetAsync("/metrics");

        Assert.That(metrics.ContentType, Is.EqualTo("application/openmetrics-text; version=1.0.0; charset=utf-8"));
        Assert.That(metrics.Body, Does.EndWith("# EOF\n"));
        Assert.That(metrics.Body, Does.Contain("kimchi_isod_downloads{status=\"paused\"} 1\n"));
        Assert.That(metrics.Body, Does.Contain("kimchi_isod_received_bytes_total 3000000\n"));
        Assert.That(metrics.Body, Does.Contain("kimchi_isod_duration_seconds_count 1\n"));
        Assert.That(metrics.Body, Does.Contain("kimchi_isod_libvirt_up 1\n"));
        Assert.That(metrics.Body, Does.Match("kimchi_isod_pool_free_bytes\\{pool=\"ISO\"\\} [1-9]"));
        Assert.That(metrics.Body, Does.Not.Contain(name).And.Not.Contain("s3cret"));
    }

    [TestCase("text/plain", "PROMETHEUS/usr/bin/promtool", "check", "metrics")]
    [TestCase("*/*", "/usr/bin/python3", "-c", ReadOpenMetrics)]
    public async Task Metrics_are_accepted_by_prometheus_own_readers(string accept, string program, params string[] arguments)
    {
        var daemon = await StartAsync(("downloads:retries", "0"));
        var (name, gone) = (NewName(), NewName());
        Nginx.AddFile(name, 3_000_000);
        Nginx.AddFile(gone, 12_000_000);
        await daemon.Client.StartAsync(Nginx.Url(name), name);
        await daemon.Client.WaitUntilCompletedAsync(name);
        await FailAsync(daemon, gone);

        var metrics = await daemon.Client.GetAsync("/metrics", accept);
        Assert.That(metrics.Body, Does.Contain("kimchi_isod_failures_total{reason=\"KCHVOL0022E\"} 1\n"));
        var reader = await Tool.RunAsync(
            program.Replace("PROMETHEUS", Prometheus, StringComparison.Ordinal), arguments, metrics.Body,
            ("PYTHONPATH", Path.Combine(Prometheus, "usr/lib/python3/dist-packages")));

        Assert.That(reader.ExitCode, Is.Zero, reader.ToString());
    }

    [Test]
    public async Task Metrics_are_those_of_the_manual()
    {
        var daemon = await StartAsync();
        var page = await File.ReadAllTextAsync(Path.Combine(Repository.Root, "packaging", "man", "kimchi-isod-api.7"));

        var metrics = await daemon.Client.GetAsync("/metrics", "text/plain");

        Assert.That(
            Regex.Matches(metrics.Body, "^# TYPE ([a-z_]+) ", RegexOptions.Multiline).Select(family => family.Groups[1].Value),
            Is.EquivalentTo(Regex.Matches(page, @"^\.B (kimchi_isod_[a-z_]+)$", RegexOptions.Multiline).Select(tag => tag.Groups[1].Value)));
    }

    private static string Prometheus =>
        Environment.GetEnvironmentVariable("KIMCHI_ISOD_PROMETHEUS") ?? Path.Combine(Repository.Root, "artifacts", "prometheus");

    private const string ReadOpenMetrics = """
        import sys
        from prometheus_client.openmetrics.parser import text_string_to_metric_families
        families = {family.name: family for family in text_string_to_metric_families(sys.stdin.read())}
        assert families["kimchi_isod_retries"].type == "counter", families
        assert families["kimchi_isod_build"].type == "info", families
        """;

    private async Task FailAsync(IsodProcess daemon, string name)
    {
        await daemon.Client.StartAsync(Nginx.Url("slow/" + name), name);
        await daemon.Client.PauseAsync(name);
        File.Delete(Path.Combine(Nginx.Root, name));
        await daemon.Client.ResumeAsync(name);
        await daemon.Client.WaitForAsync(name, status => status.Id == "KCHDL0007E");
    }

    [Test]
    public async Task Description_is_valid_openapi_and_has_every_path()
    {
        var daemon = await StartAsync();

        var text = (await daemon.Client.GetAsync("/openapi/v1.json")).Body;

        var read = OpenApiDocument.Parse(text, "json");
        Assert.That(read.Diagnostic!.Errors.Select(e => e.ToString()), Is.Empty, text);
        Assert.That(read.Diagnostic.Warnings.Select(e => e.ToString()), Is.Empty, text);
        Assert.That(
            read.Document!.Paths.SelectMany(p => p.Value.Operations!.Keys.Select(method => $"{method} {p.Key}")),
            Is.EquivalentTo(new[]
            {
                "POST " + Template, "GET " + Template, "POST " + Template + "/pause", "POST " + Template + "/resume", "POST " + Template + "/cancel",
                "POST " + Template + "/retry", "POST " + Template + "/limit", "POST " + Template + "/status", "POST " + Template + "/probe",
                "GET " + Template + "/{name}", "PUT " + Template + "/{name}", "DELETE " + Template + "/{name}", "GET /events", "GET /healthz", "GET /metrics", "GET /version",
                "GET /openapi/v1.json",
            }));
        var schemas = read.Document.Components!.Schemas!;
        Assert.That(schemas["StartDownloadRequest"].Required, Is.EquivalentTo(new[] { "url" }));
        Assert.That(schemas["Download"].Properties!.Keys, Does.Contain("downloaded_size").And.Contain("eta"));
        Assert.That(schemas["Download"].Properties!["id"].Type, Is.EqualTo(JsonSchemaType.Integer));
        Assert.That(schemas["Download"].Properties!["durable"].Type, Is.EqualTo(JsonSchemaType.Boolean | JsonSchemaType.Null));
        Assert.That(schemas["Download"].Properties!["warning"].Type, Is.EqualTo(JsonSchemaType.String | JsonSchemaType.Null));
        Assert.That(schemas["Download"].Properties!["total_size"].Type, Is.EqualTo(JsonSchemaType.Integer | JsonSchemaType.Null));
    }

    private const string Template = "/storagepools/{pool}/storagevolumes/download";
}
