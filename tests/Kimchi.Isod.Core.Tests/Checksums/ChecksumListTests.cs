using Kimchi.Isod.Core.Checksums;
using Kimchi.Isod.Core.Errors;
using Kimchi.Isod.Core.Remote;

namespace Kimchi.Isod.Core.Tests.Checksums;

/// <summary>Lists of checksums in the forms in which projects publish them.</summary>
public sealed class ChecksumListTests
{
    private const string Image = "https://host/images/a.iso";
    private static readonly string Md5 = new('1', 32);
    private static readonly string Sha1 = new('2', 40);
    private static readonly string Sha256 = new('3', 64);
    private static readonly string Sha512 = new('5', 128);
    private static readonly string Other = new('f', 64);

    [TestCase("{256}  a.iso", TestName = "GNU, text mode")]
    [TestCase("{256} *a.iso", TestName = "GNU, binary mode")]
    [TestCase("{256}\ta.iso", TestName = "a tab")]
    [TestCase("SHA256 (a.iso) = {256}", TestName = "BSD")]
    [TestCase("SHA256(a.iso)= {256}", TestName = "openssl dgst of old")]
    [TestCase("SHA2-256(a.iso)= {256}", TestName = "openssl dgst")]
    [TestCase("{256}  ./a.iso", TestName = "path in this folder")]
    [TestCase("{256}  somewhere/else/a.iso", TestName = "path in another folder")]
    [TestCase("SHA256 (somewhere/a.iso) = {256}", TestName = "BSD with a path")]
    [TestCase("# a.iso\r\n\r\n{256}  a.iso\r\n", TestName = "comment, empty lines and CRLF")]
    [TestCase("\uFEFF{256}  a.iso", TestName = "byte order mark")]
    [TestCase("{other}  b.iso\n{256}  a.iso\n{other}  a.iso.torrent\n", TestName = "among others")]
    [TestCase("{md5}  a.iso\n{sha1}  a.iso\n{256}  a.iso\n{md5}  a.iso", TestName = "strongest of several kinds")]
    [TestCase("{256}  a.iso\n{256} *a.iso", TestName = "twice the same")]
    [TestCase("{256}", TestName = "digest alone")]
    [TestCase("{256}\n", TestName = "digest alone and an end of line")]
    [TestCase("SHA3-512 (a.iso) = {512}\nSHA256 (a.iso) = {256}", TestName = "unknown kinds are passed over")]
    [TestCase("# WHIRLPOOL HASH\n{512}  a.iso\n# SHA256 HASH\n{256}  a.iso", TestName = "unknown kinds of comments are passed over")]
    [TestCase("{512}  a.iso\n{256}  a.iso", TestName = "a kind that is not told is passed over")]
    [TestCase("   {256}  a.iso", TestName = "leading blanks")]
    [TestCase(" \t{256}", TestName = "leading blanks before a digest alone")]
    [TestCase("{256}  .\\dir\\a.iso", TestName = "a path of Windows")]
    [TestCase("{256} *C:\\dir\\a.iso", TestName = "an absolute path of Windows")]
    [TestCase("Algorithm  Hash  Path\n---------  ----  ----\nSHA256     {256}     C:\\dir\\a.iso", TestName = "Get-FileHash")]
    [TestCase("sha256:{256}  a.iso", TestName = "the kind before a colon")]
    public void Entry_is_found(string text)
    {
        Assert.That(Find(text), Is.EqualTo(new Checksum(ChecksumAlgorithm.Sha256, Sha256)));
        Assert.That(Find(text.Replace("{256}", Sha256.ToUpperInvariant())).Digest, Is.EqualTo(Sha256));
    }

    [Test]
    public void Star_that_belongs_to_the_name_is_another_file() => Assert.That(
        () => Find("{256}  *a.iso"), Throws.TypeOf<DownloadException>().With.Property("Kind").EqualTo(DownloadErrorKind.ChecksumInvalid));

    [Test]
    public void Entry_within_a_signed_message_is_found()
    {
        var text = $"""
            -----BEGIN PGP SIGNED MESSAGE-----
            Hash: SHA256

            # a.iso: 123 bytes
            SHA256 (a.iso) = {Sha256}
            - -----not the signature-----
            -----BEGIN PGP SIGNATURE-----

            {Sha512}  a.iso
            -----END PGP SIGNATURE-----
            """;

        Assert.That(Find(text), Is.EqualTo(new Checksum(ChecksumAlgorithm.Sha256, Sha256)));
    }

    [Test]
    public void Strongest_kind_wins() =>
        Assert.That(Find($"{Sha256}  a.iso\nSHA512 (a.iso) = {Sha512}").Algorithm, Is.EqualTo(ChecksumAlgorithm.Sha512));

    [Test]
    public void Files_of_one_name_in_several_folders_are_told_apart_by_their_paths() => Assert.That(
        Find($"{Other}  ./gtk/a.iso\n{Sha256}  ./a.iso").Digest, Is.EqualTo(Sha256));

    [TestCase("a.iso")]
    [TestCase("given.iso")]
    public void Name_of_the_url_and_then_the_users_own_choose_the_entry(string name) => Assert.That(
        ChecksumList.Parse(RemoteUrl.Parse("https://lists/SUMS"), $"{Other}  b.iso\n{Sha256}  {name}").Find(RemoteUrl.Parse(Image), "given.iso").Digest,
        Is.EqualTo(Sha256));

    [Test]
    public void Name_of_the_url_comes_before_the_users_own() => Assert.That(
        ChecksumList.Parse(RemoteUrl.Parse("https://lists/SUMS"), $"{Other}  given.iso\n{Sha256}  a.iso").Find(RemoteUrl.Parse(Image), "given.iso").Digest,
        Is.EqualTo(Sha256));

    [Test]
    public void Name_with_a_backslash_is_unescaped_as_gnu_escapes_it() => Assert.That(
        ChecksumList.Parse(RemoteUrl.Parse(Image), $@"\{Sha256}  a\\n.iso").Find(RemoteUrl.Parse("https://host/latest"), @"a\n.iso").Digest,
        Is.EqualTo(Sha256));

    [TestCase("", "no entry for 'a.iso'")]
    [TestCase("{256}  b.iso", "no entry for 'a.iso'")]
    [TestCase("{256}  A.ISO", "no entry for 'a.iso'")]
    [TestCase("{256}  xa.iso", "no entry for 'a.iso'")]
    [TestCase("{256}0  a.iso", "no entry for 'a.iso'")]
    [TestCase("SHA512 (a.iso) = {256}", "no entry for 'a.iso'")]
    [TestCase("{256}\n{other}", "no entry for 'a.iso'")]
    [TestCase("#{256}  a.iso", "no entry for 'a.iso'")]
    [TestCase("{256}  x/a.iso\n{other}  y/a.iso", "2 different sha256 entries for 'x/a.iso'")]
    public void List_that_does_not_tell_is_refused(string text, string words) => Assert.That(
        () => Find(text),
        Throws.TypeOf<DownloadException>().With.Property("Kind").EqualTo(DownloadErrorKind.ChecksumInvalid)
            .And.Message.Contains(words).And.Message.Contains("https://host/images/SUMS"));

    [Test]
    public void Random_text_never_throws_anything_else([Range(1, 200)] int seed)
    {
        var random = new Random(seed);
        var text = new string([.. Enumerable.Range(0, 300).Select(_ => "0a (=)*\\\n\r#-/.iso\uFEFF\0"[random.Next(19)])]);

        Assert.That(() => Find(text), Throws.TypeOf<DownloadException>());
    }

    private static Checksum Find(string text)
    {
        var full = text.Replace("{md5}", Md5).Replace("{sha1}", Sha1).Replace("{256}", Sha256).Replace("{512}", Sha512).Replace("{other}", Other);
        var url = RemoteUrl.Parse(Image);
        return ChecksumList.Parse(RemoteUrl.Parse("https://host/images/SUMS"), full).Find(url, null);
    }
}
