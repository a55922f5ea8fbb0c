using Kimchi.Isoctl.Display;

namespace Kimchi.Isoctl.Tests;

/// <summary>Foreign text.</summary>
public sealed class PrintableTests
{
    [TestCase("debian-12.iso", "debian-12.iso")]
    [TestCase("Übung 漢字 \U0001F4BF.iso", "Übung 漢字 \U0001F4BF.iso")]
    [TestCase("[red]a[/]", "[red]a[/]")]
    [TestCase("a\u001b[2Jb", "a\\u{1B}[2Jb")]
    [TestCase("a\nb\r", "a\\u{A}b\\u{D}")]
    [TestCase("gnp\u202eiso", "gnp\\u{202E}iso")]
    [TestCase("a\u009bb", "a\\u{9B}b")]
    [TestCase("\u2028", "\\u{2028}")]
    public void What_a_terminal_would_obey_is_shown_as_a_number(string text, string shown) => Assert.That(Printable.Escape(text), Is.EqualTo(shown));

    [Test]
    public void Lone_surrogate_is_replaced() => Assert.That(Printable.Escape("a\ud800\u001b"), Is.EqualTo("a\ufffd\\u{1B}"));

    [TestCase("debian-12.iso", "debian-12.iso")]
    [TestCase("two words", "'two words'")]
    [TestCase("it's", "'it'\\''s'")]
    [TestCase("", "''")]
    [TestCase("$(x)", "'$(x)'")]
    public void Word_is_quoted_for_shells(string word, string quoted) =>
        Assert.That(Kimchi.Isoctl.Commands.ShellWord.Quote(word), Is.EqualTo(quoted));
}
