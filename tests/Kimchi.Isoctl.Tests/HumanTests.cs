using Kimchi.Isoctl.Display;

namespace Kimchi.Isoctl.Tests;

/// <summary>Numbers as people read them.</summary>
public sealed class HumanTests
{
    [TestCase(0, "0 B")]
    [TestCase(1023, "1023 B")]
    [TestCase(1024, "1.0 KiB")]
    [TestCase(1536, "1.5 KiB")]
    [TestCase(1048575, "1.0 MiB")]
    [TestCase(658505728, "628.0 MiB")]
    [TestCase(long.MaxValue, "8.0 EiB")]
    public void Size_has_a_binary_unit(long bytes, string text) => Assert.That(Human.Size(bytes), Is.EqualTo(text));

    [TestCase(0, "0:00")]
    [TestCase(67, "1:07")]
    [TestCase(3723, "1:02:03")]
    [TestCase(349260, "4 d 01:01")]
    public void Time_is_as_short_as_it_can_be(long seconds, string text) => Assert.That(Human.Time(seconds), Is.EqualTo(text));

    [Test]
    public void Percent_is_100_only_at_the_end()
    {
        Assert.That(Human.Percent(Samples.Running with { TotalSize = 1000, DownloadedSize = 999 }), Is.EqualTo("99%"));
        Assert.That(Human.Percent(Samples.Completed), Is.EqualTo("100%"));
        Assert.That(Human.Percent(Samples.Running with { TotalSize = null }), Is.Empty);
    }
}
