using System.Security;
using System.Text;
using CsCheck;
using Kimchi.Isod.Core.Checksums;
using Kimchi.Isod.Core.Errors;
using Kimchi.Isod.Core.Metalinks;
using Kimchi.Isod.Core.Remote;
using Kimchi.Isod.Core.Tests.Metalinks;
using Kimchi.Isod.Fixtures.Fuzz;

namespace Kimchi.Isod.Core.Tests.Fuzz;

public sealed class MetalinkFuzzTests
{
    private static readonly string[] Parts =
    [
        "<metalink xmlns='urn:ietf:params:xml:ns:metalink'>", "<metalink>", "</metalink>", "<file name='x'>", "<file>", "</file>", "<files>", "</files>", "<size>1</size>", "<size>",
        "</size>", "<hash type='sha-256'>", "</hash>", "<pieces length='2' type='md5'>", "<pieces length='9223372036854775807' type='md5'>", "</pieces>", MetalinkSamples.Md5,
        "<url priority='1'>", "</url>", "http://host/x", "<verification>", "</verification>", "<![CDATA[", "]]>", "<!--", "-->", "&amp;", "&#0;", "&x;", "<!DOCTYPE a>", "<?xml?>", "<a:b/>",
    ];

    private static readonly Gen<Checksum[]> Hashes = ChecksumFuzzTests.Valid.Array[0, 4].Select(hashes => hashes.DistinctBy(h => h.Algorithm).ToArray());

    private static readonly Gen<(int Priority, string Path)[]> Places =
        Gen.Select(Gen.Int[1, 5], Gen.OneOf("a", "b c", "d&e", "é", "%2f", "?x=1")).Array[0, 20];

    private static readonly Gen<(long Size, long Length)> Sizes = Gen.Select(Gen.Long[1, 5000], Gen.Long[100, 6000]);

    [Test]
    public void Any_text_is_a_metalink_or_refused() => Gen.OneOf(
            Texts.Any, Texts.Of(Parts), Texts.Near(Gen.OneOf(MetalinkSamples.OpenSuse, MetalinkSamples.Fedora, MetalinkSamples.NumberedPieces)))
        .AreReadOrRefused(text => IsSound(MetalinkReader.Read(Encoding.UTF8.GetBytes(text), ["x"])), IsRefusal, count: 10_000);

    [Test]
    public void Long_text_is_a_metalink_or_refused() => Texts.Long([.. Parts, "<a>", "<a/>", " a='", "<file name='x'/>", "<url>http://h/x</url>"])
        .AreReadOrRefused(text => IsSound(MetalinkReader.Read(Encoding.UTF8.GetBytes(text), ["x"])), IsRefusal, count: 200);

    [Test]
    public void Any_bytes_are_a_metalink_or_refused() => Gen.Select(
            Gen.OneOf<byte[]>([], [0xff, 0xfe], [0xfe, 0xff], [0xef, 0xbb, 0xbf], Encoding.ASCII.GetBytes("<?xml version='1.0' encoding='utf-16'?>")), Gen.Byte.Array[0, 200])
        .Holds(c => IsReadOrRefused([.. c.Item1, .. c.Item2]));

    [Test]
    public void Metalink_comes_back_as_it_was_written() => Gen.Select(Hashes, Places, Sizes, Gen.Bool).Holds(
        c =>
        {
            var (size, length) = c.Item3;
            var count = (size + length - 1) / length;
            var read = MetalinkReader.Read(Encoding.UTF8.GetBytes(Write(c.Item1, c.Item2, size, length, count, c.Item4)), []);
            return read.Size == size && read.Hashes.SequenceEqual(c.Item1.OrderByDescending(h => h.Algorithm)) && read.Pieces!.Count == count && read.Pieces.Length == length
                && read.Mirrors.SequenceEqual(Mirror.Best(c.Item2.Select(p => new Mirror(Address(p.Path), p.Priority, null))), SameMirror.Instance);
        });

    [Test]
    public void Wrong_number_of_pieces_is_refused() => Gen.Select(Sizes, Gen.Int[-3, 3].Where(more => more != 0)).Holds(
        c =>
        {
            var count = ((c.Item1.Size + c.Item1.Length - 1) / c.Item1.Length) + c.Item2;
            return count < 0 || IsRefused(Write([], [], c.Item1.Size, c.Item1.Length, count, isOld: false));
        });

    private static string Write(Checksum[] hashes, (int Priority, string Path)[] places, long size, long length, long count, bool isOld)
    {
        var ofFile = string.Concat(hashes.Select(h => $"<hash type='{h.Algorithm}'>{h.Digest}</hash>"));
        var pieces = $"<pieces length='{length}' type='md5'>{string.Concat(Enumerable.Range(0, (int)count).Select(i => $"<hash piece='{i}'>{MetalinkSamples.Md5}</hash>"))}</pieces>";
        string Url((int Priority, string Path) place) =>
            $"<url {(isOld ? "preference" : "priority")}='{(isOld ? 101 - place.Priority : place.Priority)}'>{SecurityElement.Escape(Address(place.Path).Uri.AbsoluteUri)}</url>";
        var urls = string.Concat(places.Select(Url));
        return isOld
            ? $"<metalink version='3.0'><files><file name='x'><size>{size}</size><verification>{ofFile}{pieces}</verification><resources>{urls}</resources></file></files></metalink>"
            : MetalinkSamples.Of($"<size>{size}</size>{ofFile}{pieces}{urls}");
    }

    private static RemoteUrl Address(string path) => RemoteUrl.Parse($"http://host/{path}");

    private static bool IsSound(Metalink read) => read.Mirrors.Count <= Mirror.Most && read.Size is null or > 0 && read.FileName != ""
        && (read.Pieces is not { } pieces || pieces.Count == pieces.CountFor(read.Size!.Value));

    private static bool IsRefusal(Exception e) => e is DownloadException { Kind: DownloadErrorKind.MetalinkInvalid };

    private static bool IsRefused(string text)
    {
        try
        {
            MetalinkReader.Read(Encoding.UTF8.GetBytes(text), []);
            return false;
        }
        catch (DownloadException e) when (IsRefusal(e))
        {
            return true;
        }
    }

    private static bool IsReadOrRefused(byte[] bytes)
    {
        try
        {
            return IsSound(MetalinkReader.Read(bytes, []));
        }
        catch (DownloadException e) when (IsRefusal(e))
        {
            return true;
        }
    }

    private sealed class SameMirror : IEqualityComparer<Mirror>
    {
        public static readonly SameMirror Instance = new();

        public bool Equals(Mirror? x, Mirror? y) => x!.Url.Uri.AbsoluteUri == y!.Url.Uri.AbsoluteUri && x.Priority == y.Priority && x.Location == y.Location;

        public int GetHashCode(Mirror obj) => obj.Priority;
    }
}
