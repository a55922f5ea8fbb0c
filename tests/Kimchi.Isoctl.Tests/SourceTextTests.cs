using Kimchi.Isoctl.Display;
using Kimchi.Isod.Contracts;

namespace Kimchi.Isoctl.Tests;

/// <summary>Connections and mirrors as users see them.</summary>
public sealed class SourceTextTests
{
    private static readonly Download Mirrored = Samples.Running with
    {
        Connections = 4,
        Sources =
        [
            new() { Url = "http://host/debian.iso", Status = DownloadSourceStatus.Active, Bytes = 30 << 20, Speed = 6 << 20 },
            new() { Url = "http://b.example:8080/debian.iso", Status = DownloadSourceStatus.Active, Bytes = 20 << 20 },
            new() { Url = "http://c.example/debian.iso", Status = DownloadSourceStatus.Standby },
            new() { Url = "http://d.example/debian.iso", Status = DownloadSourceStatus.Failed, Error = "404" },
        ],
    };

    [Test]
    public void Hosts_in_use_and_failed_ones_are_named() =>
        Assert.That(SourceText.Hosts(Mirrored), Is.EqualTo("from host, b.example:8080; failed: d.example"));

    [Test]
    public void Download_without_mirrors_names_none() =>
        Assert.That(SourceText.Hosts(Mirrored with { Sources = [Mirrored.Sources[0]] }), Is.Null);

    [TestCase(0, "http://host/debian.iso (active, 30.0 MiB, 6.0 MiB/s)")]
    [TestCase(3, "http://d.example/debian.iso (failed, 0 B): 404")]
    public void Source_is_described(int index, string text) => Assert.That(SourceText.Describe(Mirrored.Sources[index]), Is.EqualTo(text));

    [Test]
    public void Line_tells_connections_and_mirrors() =>
        Assert.That(DownloadLine.Describe(Mirrored), Does.EndWith("0:15 left, 4 connections, from host, b.example:8080; failed: d.example"));

    [Test]
    public void Bar_tells_connections_where_there_are_several()
    {
        Assert.That(ProgressBar.Draw(Mirrored, 120, 10, 2).After, Does.EndWith("50.0 MiB of 200.0 MiB   x4"));
        Assert.That(ProgressBar.Connections(Samples.Running with { Connections = 1 }), Is.Empty);
    }

    [Test]
    public void Bars_with_and_without_connections_stand_below_each_other([Range(60, 130, 10)] int width)
    {
        var ends = new[] { Mirrored, Samples.Running, Samples.Completed }
            .Select(d => ProgressBar.Draw(d, width, 10, 2)).Select(line => (line.Before + line.Filled + line.After).IndexOf(']'));

        Assert.That(ends.Distinct().Count(), Is.EqualTo(1));
    }

    [Test]
    public void Mirrors_never_reach_the_end_of_the_terminal([Range(0, 60)] int width) =>
        Assert.That(ProgressBar.Mirrors(Mirrored, width)!.Length, Is.LessThan(Math.Max(1, width)));
}
