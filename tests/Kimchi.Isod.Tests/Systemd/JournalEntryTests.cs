using System.Text;
using Kimchi.Isod.Systemd;

namespace Kimchi.Isod.Tests.Systemd;

/// <summary>The journal's native form.</summary>
public sealed class JournalEntryTests
{
    [Test]
    public void Field_is_a_line()
    {
        var entry = new JournalEntry();
        entry.Add("MESSAGE", "all is well: ü=");
        entry.AddOwn("BytesPerSecond", "7");
        entry.AddOwn("Pool", "");

        Assert.That(Encoding.UTF8.GetString(entry.Bytes), Is.EqualTo("MESSAGE=all is well: ü=\nISOD_BYTES_PER_SECOND=7\nISOD_POOL=\n"));
    }

    [Test]
    public void Text_with_lines_has_its_length_before_it_so_that_it_can_forge_no_field()
    {
        var entry = new JournalEntry();
        entry.Add("MESSAGE", "ü\nPRIORITY=0");

        Assert.That(Encoding.Latin1.GetString(entry.Bytes), Is.EqualTo("MESSAGE\n\x0d\0\0\0\0\0\0\0Ã¼\nPRIORITY=0\n"));
    }

    [Test]
    public void Endless_text_is_cut()
    {
        var entry = new JournalEntry();
        entry.Add("MESSAGE", new string('x', 1_000_000));

        Assert.That(entry.Bytes.Length, Is.LessThan(64 * 1024));
    }

    [TestCase("8:12345", false)]
    [TestCase("nonsense", false)]
    [TestCase(null, false)]
    public void Output_that_is_not_the_journals_is_not_taken_for_it(string? variable, bool isOurs) =>
        Assert.That(JournalStream.IsOurs(variable), Is.EqualTo(isOurs));
}
