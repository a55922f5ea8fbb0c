using Kimchi.Isoctl.Display;
using Kimchi.Isod.Contracts;
using Microsoft.Extensions.Time.Testing;

namespace Kimchi.Isoctl.Tests;

/// <summary>Downloads shown where there is no terminal.</summary>
[FixtureLifeCycle(LifeCycle.InstancePerTestCase)]
public sealed class LinesViewTests
{
    private readonly FakeTimeProvider _time = new();
    private readonly StringWriter _output = new();

    [Test]
    public async Task Line_is_printed_at_each_change_of_state_and_now_and_then()
    {
        await using var view = new LinesView(_output, _time);
        view.Show(Samples.Running);
        view.Show(Samples.Running with { DownloadedSize = 60 << 20 });
        _time.Advance(TimeSpan.FromSeconds(10));
        view.Show(Samples.Running with { DownloadedSize = 100 << 20 });
        view.Show(Samples.Retrying);
        view.Show(Samples.Completed);

        Assert.That(_output.ToString().Split('\n', StringSplitOptions.RemoveEmptyEntries), Is.EqualTo(new[]
        {
            "debian.iso: downloading, 25% of 200.0 MiB, 10.0 MiB/s, 0:15 left",
            "debian.iso: downloading, 50% of 200.0 MiB, 10.0 MiB/s, 0:15 left",
            "debian.iso: retrying, 25% of 200.0 MiB: KCHVOL0022E: http://host/debian.iso: dropped",
            "debian.iso: completed, 200.0 MiB",
        }));
    }

    [Test]
    public async Task Absence_of_the_daemon_is_said_once()
    {
        await using var view = new LinesView(_output, _time);
        for (var i = 0; i < 3; i++) view.Say("away");

        Assert.That(_output.ToString(), Is.EqualTo("away" + Environment.NewLine));
    }

    [Test]
    public void Download_of_unknown_size_tells_what_is_there() => Assert.That(
        DownloadLine.Describe(Samples.Running with { TotalSize = null, Eta = null, Name = "a\u001b" }),
        Is.EqualTo("a\\u{1B}: downloading, 50.0 MiB so far, 10.0 MiB/s"));

    [Test]
    public void Cancelled_download_has_no_numbers() =>
        Assert.That(DownloadLine.Describe(Samples.Running with { Status = DownloadStatus.Cancelled }), Is.EqualTo("debian.iso: cancelled"));
}
