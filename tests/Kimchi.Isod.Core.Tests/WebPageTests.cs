using System.Text;
using Kimchi.Isod.Core.Errors;
using Kimchi.Isod.Core.Images;
using Kimchi.Isod.Core.Options;

namespace Kimchi.Isod.Core.Tests;

/// <summary>Web pages in place of images, by their first bytes: WHATWG, MIME Sniffing, section 7.1.</summary>
public sealed class WebPageTests
{
    private static readonly string[] Pages =
    [
        "<!DOCTYPE html><title>Log in</title>", "<!doctype HTML PUBLIC \"x\">", "<html>", "<HTML lang=en>", "<html\n>", "<head><meta>", "<script>x", "<iframe >",
        "<h1>", "<div >", "<font >", "<table>", "<a >", "<style>", "<title>", "<b>", "<body>", "<br>", "<br/>", "<p>", "<!-- portal -->\n<!DOCTYPE html>", "<!--x", "<?xml version=\"1.0\"?>",
        "<meta http-equiv=refresh>", "<form >",
    ];

    private static readonly string[] Others = ["<htmlx>", "<", "", "html", "x<html>", "<abc>", "<bin>", "#!/bin/sh", "{\"a\": 1}", "\0<html>"];

    [TestCaseSource(nameof(Pages))]
    public void Page_is_told(string text)
    {
        foreach (var before in new[] { "", " ", "\t\r\n\f ", "\u00ef\u00bb\u00bf", "\u00ef\u00bb\u00bf\r\n", new string('\n', 5000) })
            Assert.That(WebPage.Begins(Encoding.Latin1.GetBytes(before + text)), Is.True, before);
        Assert.That(WebPage.Begins([0xff, 0xfe, .. Encoding.Unicode.GetBytes("\n" + text)]), Is.True);
        Assert.That(WebPage.Begins([0xfe, 0xff, .. Encoding.BigEndianUnicode.GetBytes(text)]), Is.True);
        var head = new byte[HeldHead.Size];
        Encoding.Latin1.GetBytes(text, head);
        Assert.That(() => ImageInspector.Inspect(head, AcceptPolicy.Safe), Throws.TypeOf<DownloadException>().With.Message.Contains("web page"));
    }

    [TestCaseSource(nameof(Others))]
    public void Anything_else_is_not_taken_for_one(string text) => Assert.That(WebPage.Begins(Encoding.Latin1.GetBytes(text)), Is.False);

    // Its first 32 KiB are free for anything, a boot loader most often.
    [Test]
    public void Image_that_begins_as_a_page_is_an_image()
    {
        var head = new byte[HeldHead.Size];
        "<html>"u8.CopyTo(head);
        "CD001"u8.CopyTo(head.AsSpan(32_769));

        Assert.That(() => ImageInspector.Inspect(head, AcceptPolicy.Safe), Throws.Nothing);
    }

    [TestCase("plain text\r\n\t\f\u001b[0m é", false)]
    [TestCase("", false)]
    [TestCase("a\0b", true)]
    [TestCase("\u0001", true)]
    public void Binary_bytes_are_none_of_a_text(string text, bool isBinary) => Assert.That(WebPage.IsBinary(Encoding.Latin1.GetBytes(text)), Is.EqualTo(isBinary));
}
