using Kimchi.Isoctl.Display;
using Kimchi.Isod.Contracts;

namespace Kimchi.Isoctl.Tests;

/// <summary>A download in one line of a terminal.</summary>
public sealed class ProgressBarTests
{
    [Test]
    public void Wide_terminal_shows_everything()
    {
        var (before, filled, after) = ProgressBar.Draw(Samples.Running, 120, 10);

        Assert.That(before, Is.EqualTo("debian.iso  ["));
        Assert.That(filled, Is.EqualTo(new string('#', 10)), "a quarter of 40");
        Assert.That(after, Is.EqualTo(new string('-', 30) + "]   25%       0:15    10.0 MiB/s  50.0 MiB of 200.0 MiB "));
    }

    [Test]
    public void Line_never_reaches_the_end_of_the_terminal([Range(0, 130)] int width)
    {
        foreach (var download in new[] { Samples.Running, Samples.Completed, Samples.Retrying, Samples.Running with { Name = new string('n', 255) } })
        {
            var (before, filled, after) = ProgressBar.Draw(download, width, download.Name.Length);

            Assert.That((before + filled + after).Length, Is.LessThan(Math.Max(1, width)));
            Assert.That(ProgressBar.Trouble(download, width)?.Length ?? 0, Is.LessThan(Math.Max(1, width)));
        }
    }

    [Test]
    public void Narrow_terminal_keeps_the_bar_and_the_percentage()
    {
        var (_, filled, after) = ProgressBar.Draw(Samples.Running, 40, 10);

        Assert.That(filled, Is.Not.Empty);
        Assert.That(after, Does.EndWith("25%       0:15"));
    }

    [Test]
    public void Bars_of_several_downloads_stand_below_each_other()
    {
        var ends = new[] { Samples.Running, Samples.Completed, Samples.Retrying }
            .Select(d => ProgressBar.Draw(d, 100, 20)).Select(line => (line.Before + line.Filled + line.After).IndexOf(']'));

        Assert.That(ends.Distinct().Count(), Is.EqualTo(1));
    }

    [Test]
    public void Unknown_size_has_no_bar()
    {
        var (before, filled, after) = ProgressBar.Draw(Samples.Running with { TotalSize = null, Eta = null }, 80, 10);

        Assert.That(filled + after, Is.Empty);
        Assert.That(before, Does.Contain("10.0 MiB/s  50.0 MiB"));
    }

    [Test]
    public void Reason_of_a_retry_is_shown() =>
        Assert.That(ProgressBar.Trouble(Samples.Retrying, 80), Is.EqualTo("  KCHVOL0022E: dropped"));
}
