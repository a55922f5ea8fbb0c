using Kimchi.Isod.Core.Errors;
using Kimchi.Isod.Core.Remote;
using Kimchi.Isod.Fixtures;
using Kimchi.Isod.Fixtures.Ftp;

namespace Kimchi.Isod.Sources.Tests.Ftp;

/// <summary>What is read from a server that behaves, or nearly.</summary>
[CancelAfter(60_000)]
public sealed class FtpTransferTests
{
    private static readonly DateTimeOffset Modified = new(2026, 1, 2, 3, 4, 5, TimeSpan.Zero);
    private static readonly Validator Version = new(null, Modified, Http.Content.Length, IsDateStrong: true);

    [Test]
    public async Task File_comes_whole_with_its_size_and_time()
    {
        await using var ftp = new FtpWire();
        await using var file = await ftp.OpenAsync();

        Assert.That(file.Info.Version, Is.EqualTo(Version));
        Assert.That(file.Info.IsResumable, Is.True);
        Assert.That(file.Info.NameCandidates, Is.EqualTo(["a.iso"]));
        Assert.That(file.SourceOffset, Is.Zero);
        Assert.That(await Http.ReadAllAsync(file), Is.EqualTo(Http.Content));
        Assert.That(ftp.Server.Commands, Does.Contain("USER anonymous").And.Contain("TYPE I").And.Contain("EPSV"));
        Assert.That(ftp.Server.Commands, Does.Contain("CWD dir").And.Contain("RETR a.iso"));
    }

    [Test]
    public async Task Nothing_is_left_after_the_end()
    {
        await using var ftp = new FtpWire();
        await using (var file = await ftp.OpenAsync())
        {
            await Http.ReadAllAsync(file);
            ftp.Server.WaitUntilLeft();
        }
    }

    [TestCase(1)]
    [TestCase(65_536)]
    [TestCase(99_999)]
    public async Task Transfer_goes_on_with_stored_bytes_that_can_be_compared(int offset)
    {
        var from = offset - Math.Min(64 * 1024, offset / 2);
        await using var ftp = new FtpWire();
        await using var file = await ftp.OpenAsync(ftp.From(offset, Version));

        Assert.That(file.SourceOffset, Is.EqualTo(from));
        Assert.That(await Http.ReadAllAsync(file), Is.EqualTo(Http.Content[from..]));
        Assert.That(ftp.Server.Commands, Does.Contain($"REST {from}").And.Not.Contain("REST 0"));
    }

    private static IEnumerable<TestCaseData> OtherVersions()
    {
        yield return new TestCaseData(Version with { LastModified = Modified.AddSeconds(1) }, 1000).SetArgDisplayNames("time");
        yield return new TestCaseData(Version with { SourceSize = Version.SourceSize + 1 }, 1000).SetArgDisplayNames("size");
        yield return new TestCaseData(Version with { SourceSize = 200_000 }, 150_000).SetArgDisplayNames("shorter than what was read");
        yield return new TestCaseData(Version with { SourceSize = 200_000 }, 100_000).SetArgDisplayNames("as long as what was read");
        yield return new TestCaseData(Version with { LastModified = null }, 1000).SetArgDisplayNames("no time before");
    }

    [TestCaseSource(nameof(OtherVersions))]
    public async Task Another_version_is_read_from_the_start(Validator expected, int offset)
    {
        await using var ftp = new FtpWire();
        await using var file = await ftp.OpenAsync(ftp.From(offset, expected));

        Assert.That(file.SourceOffset, Is.Zero);
        Assert.That(await Http.ReadAllAsync(file), Is.EqualTo(Http.Content));
    }

    [Test]
    public async Task Server_without_rest_is_read_from_the_start_and_cannot_be_paused()
    {
        await using var ftp = new FtpWire(FtpWire.Answering("REST", "502 What?"));
        await using var file = await ftp.OpenAsync(ftp.From(1000, Version));

        Assert.That(file.SourceOffset, Is.Zero);
        Assert.That(file.Info.IsResumable, Is.False);
        Assert.That(await Http.ReadAllAsync(file), Is.EqualTo(Http.Content));
    }

    [TestCase("502 What?")]
    [TestCase("213 a lot")]
    [TestCase("550 Not in this mode.")]
    public async Task Without_a_size_the_size_is_unknown_and_the_file_comes_to_its_end(string reply)
    {
        await using var ftp = new FtpWire(FtpWire.Answering("SIZE", reply));
        await using var file = await ftp.OpenAsync();

        Assert.That(file.Info.SourceSize, Is.Null);
        Assert.That(file.Info.IsResumable, Is.False);
        Assert.That(await Http.ReadAllAsync(file), Is.EqualTo(Http.Content));
    }

    [TestCase("the file has got\t100000")]
    [TestCase("5\t100000")]
    public async Task Size_is_the_number_behind_the_servers_words(string words)
    {
        await using var ftp = new FtpWire(FtpWire.Answering("SIZE", $"213-{new string('x', 400)}\r\n213 {words}"));

        Assert.That(await ftp.DownloadAsync(), Is.EqualTo(Http.Content));
    }

    [TestCase("502 What?", null)]
    [TestCase("213 19100102030405", "1910-01-02T03:04:05Z")]
    [TestCase("213 20260102030405.678", "2026-01-02T03:04:05Z")]
    [TestCase("213 yesterday", null)]
    public async Task Time_is_read_where_it_is_one(string reply, string? time)
    {
        await using var ftp = new FtpWire(FtpWire.Answering("MDTM", reply));
        await using var file = await ftp.OpenAsync();

        Assert.That(file.Info.Version.LastModified, Is.EqualTo(time is null ? null : DateTimeOffset.Parse(time, null)));
    }

    [Test]
    public async Task Empty_file_is_refused()
    {
        await using var ftp = new FtpWire(new FtpScript([]));

        await Assert.ThatAsync(
            () => ftp.OpenAsync(),
            Throws.TypeOf<DownloadException>().With.Property("Kind").EqualTo(DownloadErrorKind.NotAnImage).And.Message.Contains("is empty"));
        ftp.Server.WaitUntilLeft();
    }

    [Test]
    public async Task Pasv_is_used_where_epsv_is_not_known()
    {
        await using var ftp = new FtpWire(FtpWire.Answering("EPSV", "500 What?"));

        Assert.That(await ftp.DownloadAsync(), Is.EqualTo(Http.Content));
        Assert.That(ftp.Server.Commands, Does.Contain("PASV"));
    }

    [Test]
    public async Task Another_host_in_the_reply_to_pasv_is_not_followed()
    {
        var replies = new Dictionary<string, string?>(StringComparer.Ordinal)
        {
            ["EPSV"] = "500 What?",
            ["PASV"] = "227 Entering Passive Mode (192,0,2,1,{high},{low})",
        };
        await using var ftp = new FtpWire(new FtpScript(Http.Content) { Replies = replies });

        Assert.That(await ftp.DownloadAsync(), Is.EqualTo(Http.Content));
    }

    [TestCase("a.iso", "RETR a.iso")]
    [TestCase("%2Fpub/a.iso", "CWD /", "CWD pub", "RETR a.iso")]
    [TestCase("my%20dir/my%20file.iso", "CWD my dir", "RETR my file.iso")]
    [TestCase("%E6%97%A5%E6%9C%AC.iso", "RETR 日本.iso")]
    [TestCase("what?.iso", "RETR what?.iso")]
    [TestCase("100%25.iso", "RETR 100%.iso")]
    [TestCase("a.iso;type=i", "RETR a.iso")]
    public async Task Path_is_asked_for_as_it_is_meant(string path, params string[] commands)
    {
        await using var ftp = new FtpWire();

        Assert.That(await ftp.DownloadAsync(ftp.Request(path)), Is.EqualTo(Http.Content));
        Assert.That(commands, Is.SubsetOf(ftp.Server.Commands));
    }

    [TestCase("a%0D%0ADELE%20b.iso", DownloadErrorKind.UrlInvalid, "control character")]
    [TestCase("a%00.iso", DownloadErrorKind.UrlInvalid, "control character")]
    [TestCase("a.iso;type=a", DownloadErrorKind.UrlInvalid, "binary")]
    [TestCase("dir/;type=d", DownloadErrorKind.UrlInvalid, "binary")]
    [TestCase("dir/", DownloadErrorKind.NotAnImage, "directory")]
    [TestCase("", DownloadErrorKind.NotAnImage, "directory")]
    public async Task Path_that_cannot_be_meant_is_refused_unasked(string path, DownloadErrorKind kind, string why)
    {
        await using var ftp = new FtpWire();

        await Assert.ThatAsync(
            () => ftp.OpenAsync(ftp.Request(path)),
            Throws.TypeOf<DownloadException>().With.Property("Kind").EqualTo(kind).And.Message.Contains(why));
        Assert.That(ftp.Server.Commands, Is.Empty);
    }
}
