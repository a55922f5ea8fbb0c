using Kimchi.Isod.Sources.Http;

namespace Kimchi.Isod.Sources.Tests;

public sealed class WebLinkTests
{
    private const string Hex = "b94d27b9934d3e08a52e52d7da7dabfac484efe37a5380ee9088f7ace2efcde9";
    private const string Base64 = "uU0nuZNNPgilLlLX2n2r+sSE7+N6U4DukIj3rOLvzek=";
    private const string Other = "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=";

    [TestCase("<http://m/a>; rel=duplicate; pri=1; geo=de", "http://m/a rel=duplicate pri=1 geo=de")]
    [TestCase("<http://m/a>;rel=\"duplicate\";pri=1", "http://m/a rel=duplicate pri=1")]
    [TestCase("<a>; REL=x, <b>;rel=y", "a rel=x|b rel=y")]
    [TestCase("<a,b;c>; rel=x", "a,b;c rel=x")]
    [TestCase("<a>; title=\"one, <two>; \\\"three\\\"\"; rel=x,<b>", "a title=one, <two>; \"three\" rel=x|b")]
    [TestCase("<a>; rel=x; rel=y", "a rel=x")]
    [TestCase("<a> ; rel = x ; pref", "a rel=x pref=")]
    [TestCase("< a >", "a")]
    [TestCase("<>", "")]
    [TestCase("nonsense, <b>; rel=x", "b rel=x")]
    [TestCase("<a>nonsense; rel=y, <b>", "a|b")]
    [TestCase("<a", null)]
    [TestCase("", null)]
    [TestCase(",,, ,", null)]
    [TestCase("<a>; rel=\"unclosed", "a rel=unclosed")]
    [TestCase("<a>;=x;;rel=y", "a rel=y")]
    public void Links_of_a_header_are_read(string header, string? expected) =>
        Assert.That(WebLink.Parse(header).Select(Show), Is.EqualTo(expected is null ? [] : expected.Split('|')));

    [TestCase("<a>; rel=\"next duplicate\"", true)]
    [TestCase("<a>; rel=DUPLICATE", true)]
    [TestCase("<a>; rel=duplicates", false)]
    [TestCase("<a>", false)]
    [TestCase("<a>; rel=duplicate; anchor=\"/other\"", false)]
    public void Relation_is_one_of_its_words(string header, bool expected) =>
        Assert.That(WebLink.Parse(header).Single().Is("duplicate"), Is.EqualTo(expected));

    [TestCase($"sha-256=:{Base64}:", $"sha256:{Hex}")]
    [TestCase($"SHA-256={Base64}", $"sha256:{Hex}")]
    [TestCase($"md5=:AAAA:, sha-256=:{Base64}:;x=1", $"sha256:{Hex}")]
    [TestCase($"MD5=/sr/WFcZH1MKTyt3JHL2tA==,SHA-256={Base64}", $"sha256:{Hex}")]
    [TestCase($"sha-256=:{Base64}:, sha-256=:{Base64}:", $"sha256:{Hex}")]
    [TestCase($"sha-256=:{Base64}:, sha-256=:{Other}:", null)]
    [TestCase($"sha-256=:{Base64}:, sha-256=nonsense", null)]
    [TestCase($"sha-512=:{Base64}:, sha-256=:{Base64}:", null, TestName = "Digest_of_a_wrong_length_is_none_and_no_weaker_one_stands_in_for_it")]
    [TestCase("md5=:/sr/WFcZH1MKTyt3JHL2tA==:", null)]
    [TestCase("sha=qvTGHdzF6KLavt4PO0gs2a6pQ00=", null)]
    [TestCase($"sha-256={Hex}", null)]
    [TestCase("sha-256", null)]
    [TestCase("", null)]
    public void Digest_is_read_where_it_proves_something(string header, string? expected) => Assert.That(ReprDigest.Find([header]), Is.EqualTo(expected));

    [Test]
    public void Two_headers_that_contradict_each_other_say_nothing() =>
        Assert.That(ReprDigest.Find([$"sha-256=:{Base64}:", $"SHA-256={Other}"]), Is.Null);

    private static string Show(WebLink link) => string.Join(' ', [link.Target, .. link.Parameters.Select(p => $"{p.Key}={p.Value}")]);
}
