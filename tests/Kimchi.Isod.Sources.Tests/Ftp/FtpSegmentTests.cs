using Kimchi.Isod.Core.Remote;
using Kimchi.Isod.Fixtures.Ftp;

namespace Kimchi.Isod.Sources.Tests.Ftp;

/// <summary>Parts of a file over FTP, which knows no end of them.</summary>
[CancelAfter(60_000)]
public sealed class FtpSegmentTests
{
    private const int From = 40_000;
    private const int To = 50_000;
    private static readonly Validator Size = new(null, null, Http.Content.Length);

    [Test]
    public async Task Part_begins_where_it_was_asked_for_and_the_connection_is_closed_when_enough_was_read()
    {
        await using var ftp = new FtpWire();
        var part = new byte[To - From];

        await using (var file = await ftp.OpenAsync(Part(ftp, Size)))
        {
            Assert.That(file.SourceOffset, Is.EqualTo(From));
            await Reading.ExactlyAsync(file, part);
        }

        Assert.That(part, Is.EqualTo(Http.Content[From..To]));
        Assert.That(ftp.Server.Commands, Does.Contain($"REST {From}"));
        ftp.Server.WaitUntilLeft();
    }

    [Test]
    public async Task Last_part_ends_with_the_file()
    {
        await using var ftp = new FtpWire();

        var part = await ftp.DownloadAsync(Part(ftp, Size) with { SourceEnd = Http.Content.Length });

        Assert.That(part, Is.EqualTo(Http.Content[From..]));
    }

    private static IEnumerable<TestCaseData> Refusals()
    {
        yield return new TestCaseData(new FtpScript(Http.Content[1..]), Size).SetName("Part_of_a_file_of_another_size_is_none");
        yield return new TestCaseData(new FtpScript(Http.Content), Size with { LastModified = DateTimeOffset.UnixEpoch, IsDateStrong = true }).SetName("Part_of_another_version_is_none");
        yield return new TestCaseData(new FtpScript(Http.Content) { RestRefusal = "550 Not from there." }, Size).SetName("Server_that_refuses_the_middle_sends_no_parts");
        yield return new TestCaseData(FtpWire.Answering("REST", "502 Not implemented."), Size).SetName("Server_that_does_not_know_REST_sends_no_parts");
    }

    [TestCaseSource(nameof(Refusals))]
    public async Task Part_cannot_be_had(FtpScript script, Validator expected)
    {
        await using var ftp = new FtpWire(script);

        Assert.That((await ftp.FailAsync(Part(ftp, expected))).IsUnusableRest, Is.True);
        ftp.Server.WaitUntilLeft();
    }

    [Test]
    public async Task Server_with_too_many_clients_may_have_room_later()
    {
        await using var ftp = new FtpWire(FtpWire.Answering("", "421 Too many users."));

        var failure = await ftp.FailAsync(Part(ftp, Size));

        Assert.That((failure.IsTransient, failure.IsUnusableRest), Is.EqualTo((true, false)));
    }

    private static RemoteRequest Part(FtpWire ftp, Validator expected) =>
        ftp.From(From, expected) with { SourceEnd = To, IsSegment = true, IsJudged = true };
}
