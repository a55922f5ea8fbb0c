using System.Globalization;
using System.Text.RegularExpressions;
using Kimchi.Isod.Fixtures;

namespace Kimchi.Isod.Integration.Tests.Systemd;

/// <summary>What the unit takes from the daemon, as systemd's own tool judges it.</summary>
public sealed class HardeningTests
{
    private const double AtMost = 1.5;

    private static string Unit => Path.Combine(Repository.Root, "kimchi-isod.service");

    [Test]
    public void Exposure_is_no_more_than_was_promised()
    {
        var report = ChildProcess.Run("systemd-analyze", "security", "--offline=true", "--no-pager", Unit);

        var exposure = Regex.Match(report, @"Overall exposure level for kimchi-isod\.service: ([0-9.]+)");
        Assert.That(double.Parse(exposure.Groups[1].Value, CultureInfo.InvariantCulture), Is.LessThanOrEqualTo(AtMost), report);
    }

    [Test]
    public void Each_exposure_that_remains_is_explained_in_the_unit()
    {
        var report = ChildProcess.Run("systemd-analyze", "security", "--offline=true", "--no-pager", Unit);
        var unit = File.ReadAllText(Unit);
        var explained = unit[unit.IndexOf("# What systemd-analyze security still reports", StringComparison.Ordinal)..];

        var remaining = Regex.Matches(report, @"^✗ (\S+)", RegexOptions.Multiline);
        Assert.That(remaining, Is.Not.Empty, report);
        foreach (Match exposure in remaining)
            Assert.That(explained, Does.Contain(exposure.Groups[1].Value.Split('=')[0]), exposure.Value);
    }
}
