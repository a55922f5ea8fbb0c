namespace IdnSharp.Tests;

/// <summary>Host names against the system's libidn2.</summary>
public sealed class HostNameTests
{
    [TestCase("bücher.example", "xn--bcher-kva.example")]
    [TestCase("BÜCHER.example", "xn--bcher-kva.example")]
    [TestCase("bu\u0308cher.example", "xn--bcher-kva.example")]
    [TestCase("ｂücher。example", "xn--bcher-kva.example")]
    [TestCase("ｅｘａｍｐｌｅ．ｃｏｍ", "example.com")]
    [TestCase("faß.de", "xn--fa-hia.de")]
    [TestCase("日本語.jp", "xn--wgv71a119e.jp")]
    [TestCase("example.com", "example.com")]
    [TestCase("１２７.０.０.１", "127.0.0.1")]
    public void Name_has_one_form(string name, string form) => Assert.That(HostName.ToAscii(name), Is.EqualTo(form));

    [TestCase("\u202e.example")]
    [TestCase("a\u0301\u0338\ufdd0.example")]
    [TestCase("xn--\u00fc.example")]
    public void Name_that_no_host_can_have_is_refused(string name) =>
        Assert.That(() => HostName.ToAscii(name), Throws.TypeOf<IdnException>().With.Message.Not.Empty.And.Property("Code").Negative);

    [Test]
    public void Long_name_is_refused() => Assert.That(() => HostName.ToAscii(new string('ü', 5000)), Throws.TypeOf<IdnException>());
}
