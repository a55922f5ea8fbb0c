using System.Text;
using Kimchi.Isod.Core.Metalinks;

namespace Kimchi.Isod.Core.Tests.Metalinks;

/// <summary>Metalinks that are refused, with a reason that says what is wrong.</summary>
public sealed class BadMetalinkTests
{
    private const string Piece = $"<hash>{MetalinkSamples.Sha1}</hash>";

    [TestCase("", "no well-formed XML")]
    [TestCase("<html><body>Not found</body></html>", "XML of another kind")]
    [TestCase("<metalink xmlns='urn:other'/>", "XML of another kind")]
    [TestCase("<metalink xmlns='urn:ietf:params:xml:ns:metalink'/>", "it names no file")]
    [TestCase("<metalink><file name='x'></metalink>", "line 1")]
    [TestCase("<metalink><file name='x'/>", "no well-formed XML")]
    [TestCase("<metalink><file name='x'/></metalink>junk", "no well-formed XML")]
    [TestCase("<!DOCTYPE metalink [<!ENTITY a 'b'>]><metalink><file name='&a;'/></metalink>", "document type")]
    [TestCase("<!DOCTYPE metalink SYSTEM 'http://127.0.0.1:1/x.dtd'><metalink><file name='x'/></metalink>", "document type")]
    [TestCase("<metalink><file name='&other;'/></metalink>", "no well-formed XML")]
    [TestCase("<?xml version='1.0' encoding='x-nonsense'?><metalink/>", "no well-formed XML")]
    public void Text_that_is_no_metalink_is_refused(string text, string reason) => AssertRefused(text, reason);

    [TestCase("<size>-1</size>", "the size of the file is not a number")]
    [TestCase("<size>0</size>", "the size of the file is not a number")]
    [TestCase("<size>12 MB</size>", "the size of the file is not a number")]
    [TestCase("<size>99999999999999999999</size>", "the size of the file is not a number")]
    [TestCase("<size>1</size><size>2</size>", "two sizes, 1 and 2 bytes")]
    [TestCase("<hash type='sha-256'>abcd</hash>", "sha256 hash has not 64 hexadecimal digits")]
    [TestCase("<hash type='md5'>zz107d9d372bb6826bd81d3542a419d6</hash>", "md5 hash has not 32 hexadecimal digits")]
    [TestCase($"<hash type='md5'>{MetalinkSamples.Md5}</hash><hash type='md5'>00107d9d372bb6826bd81d3542a419d6</hash>", "two different md5 hashes")]
    [TestCase($"<size>5</size><pieces type='sha-1'>{Piece}</pieces>", "the length of its pieces")]
    [TestCase($"<size>5</size><pieces length='0' type='sha-1'>{Piece}</pieces>", "the length of its pieces")]
    [TestCase($"<size>17</size><pieces length='8' type='sha-1'>{Piece}{Piece}</pieces>", "2 hashes of pieces of 8 bytes, where 17 bytes are 3 pieces")]
    [TestCase($"<size>8</size><pieces length='8' type='sha-1'>{Piece}{Piece}</pieces>", "2 hashes of pieces of 8 bytes, where 8 bytes are 1 pieces")]
    [TestCase("<size>8</size><pieces length='8' type='sha-1'/>", "0 hashes of pieces")]
    [TestCase($"<size>9</size><pieces length='8' type='sha-1'>{Piece}<hash>12</hash></pieces>", "the sha1 hash of piece 1 has not 40 hexadecimal digits")]
    [TestCase($"<size>9</size><pieces length='8' type='sha1'><hash piece='1'>{MetalinkSamples.Sha1}</hash></pieces>", "piece 0 is missing")]
    public void File_that_contradicts_itself_is_refused(string content, string reason) => AssertRefused(MetalinkSamples.Of(content), reason);

    [Test]
    public void Metalink_beyond_a_bound_is_refused()
    {
        AssertRefused(new string(' ', MetalinkReader.MostBytes + 1), "more than 8388608 bytes");
        AssertRefused(string.Concat(Enumerable.Repeat("<metalink>", 40)), "more than 32 deep");
        AssertRefused(MetalinkSamples.Of($"<unknown>{string.Concat(Enumerable.Repeat("<a>", 1_000_000))}"), "more than 32 deep");
        AssertRefused(MetalinkSamples.Of($"<url>http://host/{new string('a', 9000)}</url>"), "a text of more than 8192 characters");
        AssertRefused(MetalinkSamples.Of(string.Concat(Enumerable.Range(0, 2000).Select(i => $"<n{i}/>"))), "more than 1000 names");
        AssertRefused($"<metalink {string.Concat(Enumerable.Range(0, 2000).Select(i => $"n{i}='' "))}/>", "more than 1000 names");
    }

    [TestCase("<!--", "-->")]
    [TestCase("<description>", "</description>")]
    [TestCase("<description a='", "'/>")]
    [TestCase("<url>", "</url>")]
    public void Endless_tag_comment_or_text_is_refused(string start, string end) =>
        AssertRefused(MetalinkSamples.Of(start + new string('a', 1_000_000) + end), "a tag, a comment or a text of more than");

    [Test]
    public void Reason_in_a_metalink_of_many_files_is_short() => AssertRefused(
        $"<metalink>{string.Concat(Enumerable.Range(0, 1000).Select(i => $"<file name='f{i}'/>"))}</metalink>", "1000 files ('f0', 'f1', 'f2', 'f3', 'f4', …)");

    private static void AssertRefused(string text, string reason) =>
        Assert.That(() => MetalinkReader.Read(Encoding.UTF8.GetBytes(text), []), MetalinkReaderTests.ThrowsInvalid(reason));
}
