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

    [TestCase("\"a\"", null, 5L, "\"a\"", null, 5L, true)]
    [TestCase("\"a\"", null, 5L, "\"b\"", null, 5L, false)]
    [TestCase("\"a\"", null, 5L, "\"a\"", null, 6L, false)]
    [TestCase(null, 1, 5L, null, 1, 5L, true)]
    [TestCase(null, 1, 5L, null, 2, 5L, false)]
    [TestCase(null, null, 5L, null, null, 5L, true)]
    [TestCase(null, null, null, null, null, null, false)]
    [TestCase("\"a\"", null, 5L, null, null, 5L, false)]
    public void Versions_are_compared_by_tag_then_date_then_size(
        string? tag, int? day, long? size, string? otherTag, int? otherDay, long? otherSize, bool same)
    {
        static DateTimeOffset? Date(int? day) => day is { } d ? new DateTimeOffset(2026, 1, d, 0, 0, 0, TimeSpan.Zero) : null;

        Assert.That(new Validator(tag, Date(day), size).IsSameVersion(new Validator(otherTag, Date(otherDay), otherSize)), Is.EqualTo(same));
    }
}
