using Kimchi.Isod.Core.Errors;
using Kimchi.Isod.Core.Remote;

namespace Kimchi.Isod.Core.Tests;

public sealed class RemoteUrlTests
{
    [TestCase("http://host/a.iso", "a.iso")]
    [TestCase("https://host:8443/dir/a%20b.iso?token=x#part", "a b.iso")]
    [TestCase("ftp://host/%2Fabs/a.iso", "a.iso")]
    [TestCase("ftps://host/a.iso", "a.iso")]
    [TestCase("https://host/dir/", "")]
    [TestCase("https://host", "")]
    [TestCase("https://host/%E6%97%A5.iso", "日.iso")]
    public void Url_names_its_file(string text, string name) => Assert.That(RemoteUrl.Parse(text).FileName, Is.EqualTo(name));

    [TestCase("")]
    [TestCase("a.iso")]
    [TestCase("/a.iso")]
    [TestCase("file:///etc/passwd")]
    [TestCase("gopher://host/a")]
    [TestCase("http:host/a")]
    [TestCase("http://")]
    [TestCase("http:///a")]
    [TestCase("ht tp://host/a")]
    [TestCase(" http://host/a")]
    [TestCase("http://host/a\r\nX: y")]
    [TestCase("ftp://h:0/")]
    [TestCase("http://h:0/a.iso")]
    [TestCase("ftps://h:00000/a.iso")]
    [TestCase("http://b\u00fccher.-a/a")]
    [TestCase("file://\u200e")]
    [TestCase("ftps://\u202e.0.0.1/a")]
    [TestCase("https://http://user:password@host/a.iso")]
    public void Anything_else_is_refused(string text) => Assert.That(
        () => RemoteUrl.Parse(text),
        Throws.TypeOf<DownloadException>().With.Property("Kind").EqualTo(DownloadErrorKind.UrlInvalid));

    [Test]
    public void Secrets_are_kept_apart_and_never_shown()
    {
        var url = RemoteUrl.Parse("https://us%40er:p%3Ass@host/a.iso?X-Amz-Signature=secret#f");

        Assert.That(url.Credentials, Is.EqualTo(new Credentials("us@er", "p:ss")));
        Assert.That(url.Uri.AbsoluteUri, Is.EqualTo("https://host/a.iso?X-Amz-Signature=secret"));
        Assert.That(url.ToString(), Is.EqualTo("https://host/a.iso?…"));
        Assert.That(url.Credentials!.ToString(), Does.Not.Contain("p:ss"));
    }

    [TestCase("ftp://host/a.iso?token=secret#f", "ftp://host/a.iso?…")]
    [TestCase("ftp://host/a%3ftoken.iso", "ftp://host/a?…")]
    [TestCase("ftps://host/a.iso?token=secret", "ftps://host/a.iso?…")]
    [TestCase("http://host/a%3f.iso", "http://host/a%3f.iso")]
    public void Query_is_not_shown_of_any_scheme(string text, string shown)
    {
        Assert.That(RemoteUrl.Parse(text).ToString(), Is.EqualTo(shown));
        Assert.That(RemoteUrl.Parse(shown).ToString(), Is.EqualTo(shown));
    }

    // An attribute cannot hold half of a character.
    [Test]
    public void Host_with_half_a_character_is_refused() => Anything_else_is_refused("http://ho\udc00st/a");

    [TestCase("s3cret://host/a.iso")]
    [TestCase("s3cret:pa55@host/a.iso?next=http://x")]
    public void Refusal_does_not_repeat_what_it_refuses(string text) => Assert.That(
        () => RemoteUrl.Parse(text), Throws.TypeOf<DownloadException>().With.Message.Not.Contains("s3cret").And.Message.Not.Contains("pa55"));
}
