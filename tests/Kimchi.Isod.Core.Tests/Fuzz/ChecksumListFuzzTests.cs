using CsCheck;
using Kimchi.Isod.Core.Checksums;
using Kimchi.Isod.Core.Errors;
using Kimchi.Isod.Core.Remote;
using Kimchi.Isod.Fixtures.Fuzz;

namespace Kimchi.Isod.Core.Tests.Fuzz;

public sealed class ChecksumListFuzzTests
{
    private const string Wanted = "wanted.iso";
    private const string Digest = "00112233445566778899aabbccddeeff00112233445566778899aabbccddeeff";

    private static readonly RemoteUrl ListUrl = RemoteUrl.Parse("https://host/dir/SHA256SUMS");
    private static readonly Checksum Right = new(ChecksumAlgorithm.Sha256, Digest);

    private static readonly string[] Surroundings =
    [
        "", " ", "# comment", "-----BEGIN PGP SIGNED MESSAGE-----", "Hash: SHA512", "other.iso: 12345 bytes", "- -dashed", "<html>", "\u0000\u202e",
        "SHA256 (other.iso) = ", "()=", "(((", "SHA256 (", ") = x", "\\", "\\n", $"{Digest}x  {Wanted}", $"{Digest[..63]}  {Wanted}", $"{Wanted} {Digest}",
        $"SHA3-256 ({Wanted}) = {Digest}", $"BLAKE2 ({Wanted}) = {Digest}", $"SHA512 ({Wanted}) = {Digest}",
    ];

    // Names of files as a server may have them. A line's end takes white space off, and a '/' would make a folder.
    private static readonly Gen<string> FileNames = Gen.OneOf(
            Texts.Any.Select(Whole),
            Texts.Of("a", ".iso", " ", "*", "(", ")", " = ", "\\", "\\n", "\\\\", "#", "-", "- ", "sha256", "%2f", "?", "é", ":", "//", "..").Select(Whole))
        .Select(name => name.Replace("/", "", StringComparison.Ordinal).Replace("\0", "", StringComparison.Ordinal).Trim())
        .Where(name => name.Length > 0 && name is not ("." or ".."));

    // The writers that there are: coreutils, the BSDs, OpenSSL, Perl's shasum, and Windows with its line ends.
    private static readonly Gen<Func<string, Checksum, string>> Writers = Gen.OneOf<Func<string, Checksum, string>>(
        (name, sum) => Gnu(name, e => $"{sum.Digest}  {e}"),
        (name, sum) => Gnu(name, e => $"{sum.Digest} *{e}"),
        (name, sum) => Gnu(name, e => $"{sum.Digest.ToUpperInvariant()}  {e}"),
        (name, sum) => Gnu(name, e => $"{sum.Algorithm.ToString().ToUpperInvariant()} ({e}) = {sum.Digest}"),
        (name, sum) => Gnu(name, e => $"{sum.Algorithm.ToString().ToUpperInvariant()}({e})= {sum.Digest}"),
        (name, sum) => Gnu(name, e => $"{sum.Digest}  {e}") + "\r",
        (name, sum) => Gnu(name, e => $"{sum.Digest} *./{e}"),
        (name, sum) => Gnu(name, e => $"{OpenSsl(sum.Algorithm)}({e})= {sum.Digest}"));

    [Test]
    public void Any_text_is_a_list() => Gen.OneOf(
            Texts.Any, Texts.Of([.. Surroundings, Digest, Wanted, "\n", "\r\n", "  ", " *", "SHA256", "(", ")", "=", "-----BEGIN PGP SIGNATURE-----\n"]))
        .AreReadOrRefused(text => Find(text, Wanted).Digest.Length > 0, IsRefusal, count: 20_000);

    [Test]
    public void Long_text_is_a_list() => Texts.Long("\n", "(", ")", "\\", "=", " ", Digest, $"{Digest}  {Wanted}\n", $"{Digest}  a/{Wanted}\n", "..", "../")
        .AreReadOrRefused(text => Find(text, Wanted).Digest.Length > 0, IsRefusal, count: 100);

    [Test]
    public void Line_is_read_as_its_writer_meant_it() => Gen.Select(FileNames, ChecksumFuzzTests.Valid, Writers).Holds(
        c => ChecksumLine.Parse(c.Item3(c.Item1, c.Item2), new DigestKind(c.Item2.Algorithm, IsForeign: false)) is { } line
            && line.Algorithm == c.Item2.Algorithm && line.Digest == c.Item2.Digest && (line.Path == c.Item1 || line.Path == $"./{c.Item1}"),
        count: 40_000);

    // Comments are among the surroundings that are given. One made at random may name a kind, "# B3", and the lines below it are then of that kind.
    [Test]
    public void Well_formed_line_is_found_whatever_surrounds_it() => Gen.Select(
            Gen.OneOf(Gen.OneOf(Surroundings), Texts.Any.Select(NoComment)).Array[0, 6],
            Gen.OneOf(Gen.OneOf(Surroundings), Texts.Any.Select(NoComment)).Array[0, 6],
            Writers,
            Gen.OneOf("\n", "\r\n"))
        .Holds(
            c => Find(string.Join(c.Item4, [.. c.Item1, c.Item3(Wanted, Right), .. c.Item2]), Wanted) == Right,
            count: 20_000);

    // Whoever asks for one file must not get another's digest, however alike the names are. What a URL names is what its last part says once
    // an encoded slash in it counts as one.
    [Test]
    public void Digest_of_another_file_is_never_taken() => Gen.Select(FileNames, FileNames, Writers).Where((one, other, _) => one != other && one != Address(other).FileName).Holds(
        c =>
        {
            try
            {
                Find(c.Item3(c.Item1, Right), c.Item2);
                return false;
            }
            catch (DownloadException e) when (IsRefusal(e))
            {
                return true;
            }
        },
        count: 40_000);

    private static string OpenSsl(ChecksumAlgorithm algorithm) => algorithm switch
    {
        ChecksumAlgorithm.Md5 => "MD5",
        ChecksumAlgorithm.Sha1 => "SHA1",
        ChecksumAlgorithm.Blake2b => "BLAKE2B-512",
        _ => $"SHA2-{algorithm.ToString()[3..]}",
    };

    private static Checksum Find(string list, string name) => ChecksumList.Parse(ListUrl, list).Find(Address(name), name);

    private static RemoteUrl Address(string name) => RemoteUrl.Parse($"https://host/dir/{Uri.EscapeDataString(name)}");

    private static bool IsRefusal(Exception e) => e is DownloadException { Kind: DownloadErrorKind.ChecksumInvalid };

    // Coreutils writes a backslash before a line whose name has one, or an end of line, and escapes them.
    private static string Gnu(string name, Func<string, string> write)
    {
        var escaped = name.Replace(@"\", @"\\", StringComparison.Ordinal)
            .Replace("\n", @"\n", StringComparison.Ordinal).Replace("\r", @"\r", StringComparison.Ordinal);
        return (escaped == name ? "" : @"\") + write(escaped);
    }

    private static string NoComment(string text) => Whole(text).Replace("\n", "", StringComparison.Ordinal).Replace("#", "", StringComparison.Ordinal);

    private static string Whole(string text) => string.Concat(text.EnumerateRunes());
}
