using System.Net;
using CsCheck;
using Kimchi.Isod.Core.Checksums;
using Kimchi.Isod.Core.Remote;
using Kimchi.Isod.Fixtures.Fuzz;
using Kimchi.Isod.Sources.Http;

namespace Kimchi.Isod.Sources.Tests.Fuzz;

public sealed class OriginWordFuzzTests
{
    private static readonly RemoteUrl Url = RemoteUrl.Parse("https://host/dir/a.iso");

    private static readonly string[] Parts =
    [
        "<", ">", ";", ",", "=", "\"", "\\", " ", "\t", "rel", "duplicate", "describedby", "type=\"application/metalink4+xml\"", "pri=1", "geo=de", "http://m/a", "file://", "//", "ftp://h/",
        "<http://m/a>; rel=duplicate", "\u200e", "\u00ff", "%", "anchor=x",
    ];

    private static readonly string[] Digests = ["sha-256", "sha-512", "SHA-256", "md5", "=", ":", ",", ";", " ", "AAAA", "uU0nuZNNPgilLlLX2n2r+sSE7+N6U4DukIj3rOLvzek=", "é"];

    [Test]
    public void Any_link_is_read() => Gen.OneOf(Texts.Any, Texts.Of(Parts), Texts.Near(Gen.Const("<https://m/a.iso>; rel=duplicate; pri=1; geo=de, <a.meta4>; rel=describedby")))
        .AreRead(text => IsSound(Read("Link", text)), count: 20_000);

    [Test]
    public void Long_link_is_read() => Texts.Long([.. Parts, "<,", "<a>;", "<a>;x=\""]).AreRead(text => WebLink.Parse(text).All(link => !link.Target.Contains('>', StringComparison.Ordinal)), count: 200);

    [Test]
    public void Any_digest_is_read() => Gen.OneOf(Texts.Any, Texts.Of(Digests)).AreRead(
        text => (ReprDigest.Find([text]) is not { } digest || Checksum.Parse(digest).Algorithm >= ChecksumAlgorithm.Sha256) && IsSound(Read("Repr-Digest", text)), count: 20_000);

    [Test]
    public void Long_digest_is_read() => Texts.Long(Digests).AreRead(text => ReprDigest.Find([text]) is null or { Length: > 0 }, count: 200);

    [Test]
    public void Link_comes_back_as_it_was_written() => Gen.Select(Gen.OneOf("a", "a,b", "a;b", "é", "\""), Gen.OneOf("x", "a b", "a,<b>", "\"", "\\", ";", "")).Array[0, 5].Holds(
        links =>
        {
            static string Quote(string value) => value.Replace("\\", "\\\\", StringComparison.Ordinal).Replace("\"", "\\\"", StringComparison.Ordinal);
            var header = string.Join(", ", links.Select(link => $"<{link.Item1}>; title=\"{Quote(link.Item2)}\"; rel=duplicate"));
            return WebLink.Parse(header).Select(link => (link.Target, link["title"]!)).SequenceEqual(links) && WebLink.Parse(header).All(link => link.Is("duplicate"));
        });

    private static OriginWord Read(string name, string value)
    {
        using var response = new HttpResponseMessage(HttpStatusCode.Found);
        response.Headers.TryAddWithoutValidation(name, value);
        return OriginWord.Read(response, Url);
    }

    private static bool IsSound(OriginWord word) => word.Mirrors.Count <= Mirror.Most
        && word.Mirrors.All(mirror => mirror.Priority is >= 1 and <= Mirror.Last && mirror.Url.Uri != Url.Uri);
}
