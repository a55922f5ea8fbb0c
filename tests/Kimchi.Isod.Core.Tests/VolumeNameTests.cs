using System.Text;
using Kimchi.Isod.Core.Volumes;

namespace Kimchi.Isod.Core.Tests;

public sealed class VolumeNameTests
{
    [TestCase("a")]
    [TestCase("debian-12.5.0-amd64-netinst.iso")]
    [TestCase("name with blanks.iso")]
    [TestCase("Ünïcödé 日本 😀.iso")]
    [TestCase("a..b")]
    [TestCase("a-")]
    public void Usable_name_passes(string name) => Assert.That(VolumeName.FindFault(name), Is.Null);

    [TestCase("", "empty")]
    [TestCase(".", "begins with '.'")]
    [TestCase("..", "begins with '.'")]
    [TestCase(".hidden", "begins with '.'")]
    [TestCase("-rf", "begins with '-'")]
    [TestCase("a/b", "'/'")]
    [TestCase("../../etc/passwd", "'/'")]
    [TestCase("a ", "white space")]
    [TestCase("a\u00a0", "white space")]
    [TestCase("a\nb", "control")]
    [TestCase("a\0b", "control")]
    [TestCase("a\u007fb", "control")]
    [TestCase("a\u0085b", "control")]
    [TestCase("gpj.\u202eiso", "control")]
    [TestCase("a\ud800b", "broken")]
    [TestCase("a\ufffeb", "broken")]
    [TestCase("a\uffff.iso", "broken")]
    public void Unusable_name_is_refused_with_the_reason(string name, string reason) =>
        Assert.That(VolumeName.FindFault(name), Does.Contain(reason));

    [Test]
    public void Name_has_at_most_255_bytes_of_utf8()
    {
        Assert.That(VolumeName.FindFault(new string('a', 255)), Is.Null);
        Assert.That(VolumeName.FindFault(new string('a', 256)), Does.Contain("255"));
        Assert.That(VolumeName.FindFault(new string('ü', 128)), Does.Contain("255"));
    }

    [TestCase("image.iso", 1, "image-1.iso")]
    [TestCase("image.iso", 12, "image-12.iso")]
    [TestCase("image", 2, "image-2")]
    [TestCase("archive.tar.gz", 1, "archive.tar-1.gz")]
    public void Taken_name_gets_a_number_before_its_extension(string name, int number, string expected) =>
        Assert.That(VolumeName.Numbered(name, number), Is.EqualTo(expected));

    [Test]
    public void Numbered_name_stays_within_255_bytes([Values("a", "ü", "😀")] string letter)
    {
        var name = string.Concat(Enumerable.Repeat(letter, 251 / Encoding.UTF8.GetByteCount(letter))) + ".iso";

        var numbered = VolumeName.Numbered(name, 100);

        Assert.That(VolumeName.FindFault(numbered), Is.Null);
        Assert.That(numbered, Does.EndWith("-100.iso"));
    }
}
