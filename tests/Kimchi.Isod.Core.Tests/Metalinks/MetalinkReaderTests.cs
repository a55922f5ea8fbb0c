using System.Text;
using Kimchi.Isod.Core.Checksums;
using Kimchi.Isod.Core.Metalinks;
using Kimchi.Isod.Core.Remote;

namespace Kimchi.Isod.Core.Tests.Metalinks;

public sealed class MetalinkReaderTests
{
    [Test]
    public void Metalink_of_a_redirector_of_openSUSE_is_read()
    {
        var read = Read(MetalinkSamples.OpenSuse);

        Assert.That(read.FileName, Is.EqualTo("Leap.iso"));
        Assert.That(read.Size, Is.EqualTo(600_000));
        Assert.That(read.Checksum, Is.EqualTo(new Checksum(ChecksumAlgorithm.Sha256, MetalinkSamples.Sha256)));
        Assert.That(read.Hashes.Select(h => h.Algorithm), Is.EqualTo(new[] { ChecksumAlgorithm.Sha256, ChecksumAlgorithm.Sha1, ChecksumAlgorithm.Md5 }));
        Assert.That(read.Pieces!.Algorithm, Is.EqualTo(ChecksumAlgorithm.Sha1));
        Assert.That(read.Pieces.Length, Is.EqualTo(262_144));
        Assert.That(read.Pieces.Count, Is.EqualTo(3));
        Assert.That(Convert.ToHexStringLower(read.Pieces[2].Span), Is.EqualTo(MetalinkSamples.Sha1));
        Assert.That(Shown(read), Is.EqualTo(new[]
        {
            "1 de https://ftp.halifax.example/opensuse/distribution/iso/Leap.iso",
            "2 de http://ftp.uni.example/pub/opensuse/distribution/iso/Leap.iso",
            "3 nl ftp://ftp.nluug.example/pub/opensuse/distribution/iso/Leap.iso",
        }));
    }

    [Test]
    public void Metalink_of_MirrorManager_is_read_without_what_it_says_of_older_versions()
    {
        var read = Read(MetalinkSamples.Fedora);

        Assert.That(read.FileName, Is.EqualTo("Fedora-Server-netinst.iso"));
        Assert.That(read.Size, Is.EqualTo(1_000_000));
        Assert.That(read.Checksum, Is.EqualTo(new Checksum(ChecksumAlgorithm.Sha512, MetalinkSamples.Sha512)));
        Assert.That(read.Pieces, Is.Null);
        Assert.That(Shown(read), Is.EqualTo(new[]
        {
            "1 us https://mirror.us.example/fedora/Fedora-Server-netinst.iso", "4 cz http://mirror.cz.example/fedora/Fedora-Server-netinst.iso",
        }), "preference 100 is the best, and neither rsync nor a torrent can be fetched");
    }

    [Test]
    public void Pieces_that_are_numbered_are_read()
    {
        var read = Read(MetalinkSamples.NumberedPieces);

        Assert.That(read.Pieces!.Count, Is.EqualTo(2));
        Assert.That(Shown(read), Is.EqualTo(new[] { "11  http://host.example/x.iso" }));
    }

    [TestCase("sha-512", 128, "sha512")]
    [TestCase("sha-384", 96, "sha384")]
    [TestCase("sha-256", 64, "sha256")]
    [TestCase("sha-1", 40, null, TestName = "Hash_weaker_than_sha256_is_no_checksum(sha-1)")]
    [TestCase("md5", 32, null, TestName = "Hash_weaker_than_sha256_is_no_checksum(md5)")]
    [TestCase("tiger", 48, null)]
    public void Hash_is_the_checksum_where_it_proves_something(string type, int digits, string? expected)
    {
        var digest = new string('A', digits);

        var read = Read(MetalinkSamples.Of($"""<hash type="{type}">  {digest}  </hash>"""));

        Assert.That(read.Checksum?.ToString(), Is.EqualTo(expected is null ? null : $"{expected}:{digest.ToLowerInvariant()}"));
    }

    [Test]
    public void Strongest_kind_of_pieces_counts()
    {
        var read = Read(MetalinkSamples.Of($"""
            <size>5</size><pieces length="8" type="sha-256"><hash>{MetalinkSamples.Sha256}</hash></pieces>
            <pieces length="2" type="sha-1"><hash>{MetalinkSamples.Sha1}</hash></pieces><pieces length="1" type="unknown"><hash>?</hash></pieces>
            """));

        Assert.That(read.Pieces!.Algorithm, Is.EqualTo(ChecksumAlgorithm.Sha256));
    }

    [Test]
    public void Pieces_without_a_size_do_not_count() => Assert.That(
        Read(MetalinkSamples.Of($"""<pieces length="8" type="sha-1"><hash>{MetalinkSamples.Sha1}</hash></pieces>""")).Pieces, Is.Null);

    [TestCase("a.iso", "a.iso")]
    [TestCase("dir/sub/a.iso", "a.iso")]
    [TestCase("../../etc/passwd", "passwd")]
    [TestCase(@"C:\dir\a.iso", "a.iso")]
    [TestCase("dir/", null)]
    public void Name_is_the_last_part_of_a_path(string path, string? name) =>
        Assert.That(Read(MetalinkSamples.Of("<size>1</size>", path)).FileName, Is.EqualTo(name));

    [Test]
    public void Sixteen_mirrors_are_kept_the_best_ones_each_once()
    {
        var urls = string.Concat(Enumerable.Range(1, 500).Reverse().Select(i => $"""<url priority="{i}">http://host{i}/x.iso</url>"""));

        var read = Read(MetalinkSamples.Of($"""{urls}<url priority="9">http://host1/x.iso</url><url>http://last/x.iso</url>"""));

        Assert.That(Shown(read), Is.EqualTo(Enumerable.Range(1, Mirror.Most).Select(i => $"{i}  http://host{i}/x.iso")));
    }

    [TestCase("mailto:a@b")]
    [TestCase("rsync://host/x.iso")]
    [TestCase("file:///etc/passwd")]
    [TestCase("x.iso")]
    [TestCase("")]
    [TestCase("http://")]
    public void Address_that_cannot_be_fetched_is_passed_by(string address) =>
        Assert.That(Shown(Read(MetalinkSamples.Of($"<url>{address}</url><url> http://host/x.iso\n</url>"))), Is.EqualTo(new[] { "999999  http://host/x.iso" }));

    [TestCase("priority='0'", Mirror.Last)]
    [TestCase("priority='1000000'", Mirror.Last)]
    [TestCase("priority='-1'", Mirror.Last)]
    [TestCase("priority='high'", Mirror.Last)]
    [TestCase("priority='7'", 7)]
    [TestCase("preference='100'", 1)]
    [TestCase("preference='0'", 101)]
    [TestCase("preference='101'", Mirror.Last)]
    public void Priority_that_is_none_is_the_last(string attribute, int priority) =>
        Assert.That(Read(MetalinkSamples.Of($"<url {attribute}>http://host/x.iso</url>")).Mirrors.Single().Priority, Is.EqualTo(priority));

    [Test]
    public void File_among_several_is_found_by_its_name()
    {
        const string Several = """
            <metalink xmlns="urn:ietf:params:xml:ns:metalink"><file name="a.iso"><size>1</size></file><file name="dir/b.iso"><size>2</size></file></metalink>
            """;

        Assert.That(Read(Several, "none.iso", "b.iso").Size, Is.EqualTo(2));
        Assert.That(() => Read(Several, "c.iso"), ThrowsInvalid("2 files ('a.iso', 'b.iso')"));
    }

    [Test]
    public void Name_of_a_single_file_need_not_be_the_one_asked_for() =>
        Assert.That(Read(MetalinkSamples.OpenSuse, "mine.iso").FileName, Is.EqualTo("Leap.iso"));

    [Test]
    public void Metalink_in_UTF_16_and_one_without_a_namespace_are_read()
    {
        var text = MetalinkSamples.OpenSuse.Replace("UTF-8", "utf-16", StringComparison.Ordinal);
        byte[] bytes = [.. Encoding.Unicode.GetPreamble(), .. Encoding.Unicode.GetBytes(text)];

        Assert.That(MetalinkReader.Read(bytes, []).Size, Is.EqualTo(600_000));
        Assert.That(Read("""<metalink version="3.0"><files><file name="x"><size>3</size></file></files></metalink>""").Size, Is.EqualTo(3));
    }

    internal static NUnit.Framework.Constraints.IResolveConstraint ThrowsInvalid(string reason) => Throws.TypeOf<Core.Errors.DownloadException>()
        .With.Property("Kind").EqualTo(Core.Errors.DownloadErrorKind.MetalinkInvalid).And.Message.Contains(reason);

    private static Metalink Read(string text, params string[] names) => MetalinkReader.Read(Encoding.UTF8.GetBytes(text), names);

    private static IEnumerable<string> Shown(Metalink metalink) => metalink.Mirrors.Select(m => $"{m.Priority} {m.Location} {m.Url}");
}
