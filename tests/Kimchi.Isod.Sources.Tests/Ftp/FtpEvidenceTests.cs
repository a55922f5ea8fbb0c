using Kimchi.Isod.Core.Remote;
using Kimchi.Isod.Fixtures.Ftp;

namespace Kimchi.Isod.Sources.Tests.Ftp;

/// <summary>What an FTP server's words prove of the end of a file, and which file they are of.</summary>
[CancelAfter(60_000)]
public sealed class FtpEvidenceTests
{
    private const int Middle = 40_000;
    private static readonly Validator Version = new(null, new DateTimeOffset(2026, 1, 2, 3, 4, 5, TimeSpan.Zero), Http.Content.Length, IsDateStrong: true);

    [TestCase("150 Opening BINARY mode data connection for a.iso (100000 bytes).")]
    [TestCase("125 Sending (100000 bytes)")]
    public async Task Size_that_only_the_reply_to_retr_tells_counts(string begin)
    {
        await using var ftp = new FtpWire(WithoutSize() with { Begin = begin });
        await using var file = await ftp.OpenAsync();

        Assert.That(file.Info.SourceSize, Is.EqualTo(Http.Content.Length));
        Assert.That(file.Info.IsResumable, Is.True);
        Assert.That(await Http.ReadAllAsync(file), Is.EqualTo(Http.Content));
        Assert.That(file.End, Is.EqualTo(EndEvidence.Told));
    }

    [Test]
    public async Task Good_word_before_the_size_that_only_the_reply_to_retr_tells_is_an_end_too_early()
    {
        await using var ftp = new FtpWire(EndingInTheMiddle() with { Begin = "150 Opening BINARY mode data connection (100000 bytes)." });

        var failure = await ftp.FailAsync();

        Assert.That(failure.IsTransient, Is.True);
        Assert.That(failure.Message, Does.Contain($"{Middle}").And.Contain("100000"));
    }

    [Test]
    public async Task Good_word_without_any_size_proves_no_end([Values] bool isCut)
    {
        await using var ftp = new FtpWire(isCut ? EndingInTheMiddle() : WithoutSize());
        await using var file = await ftp.OpenAsync();

        Assert.That(file.End, Is.EqualTo(EndEvidence.None), "as soon as it is open");
        Assert.That(await Http.ReadAllAsync(file), Is.EqualTo(Http.Content[..(isCut ? Middle : Http.Content.Length)]));
        Assert.That(file.End, Is.EqualTo(EndEvidence.None));
    }

    [TestCase("426 Connection closed; transfer aborted.")]
    [TestCase("451 Local error.")]
    public async Task Bad_word_without_any_size_is_a_failure_that_may_pass(string end)
    {
        await using var ftp = new FtpWire(EndingInTheMiddle() with { End = end });

        Assert.That((await ftp.FailAsync()).IsTransient, Is.True);
    }

    [TestCase("caf%E9.iso", "caf\u00e9.iso")]
    [TestCase("%FF%FE.iso", "\u00ff\u00fe.iso")]
    [TestCase("%C3%A9.iso", "\u00c3\u00a9.iso")]
    [TestCase("\u00e9.iso", "\u00c3\u00a9.iso")]
    public async Task Name_goes_out_as_the_same_bytes_in_each_command(string path, string bytes)
    {
        await using var ftp = new FtpWire();

        Assert.That(await ftp.DownloadAsync(ftp.Request(path)), Is.EqualTo(Http.Content));

        Assert.That(
            ftp.Server.RawCommands.Where(c => c.EndsWith(".iso", StringComparison.Ordinal)),
            Is.EquivalentTo(new[] { $"SIZE {bytes}", $"MDTM {bytes}", $"RETR {bytes}" }));
    }

    [TestCase("550 Not from there.")]
    [TestCase("551 Page type unknown.")]
    [TestCase("501 Invalid REST parameter.")]
    public async Task Middle_that_is_refused_for_good_is_followed_by_the_whole(string refusal)
    {
        await using var ftp = new FtpWire(new FtpScript(Http.Content) { RestRefusal = refusal });
        await using var file = await ftp.OpenAsync(ftp.From(Middle, Version));

        Assert.That(file.SourceOffset, Is.Zero);
        Assert.That(await Http.ReadAllAsync(file), Is.EqualTo(Http.Content));
        Assert.That(ftp.Server.Commands.Where(c => c.StartsWith("REST ", StringComparison.Ordinal)), Is.EqualTo(new[] { $"REST {Middle / 2}", "REST 0" }));
    }

    [TestCase("450 Busy.")]
    [TestCase("451 Cannot seek.")]
    public async Task Middle_that_is_refused_for_now_is_asked_again_and_then_the_whole_is_asked_for(string refusal)
    {
        await using var ftp = new FtpWire(new FtpScript(Http.Content) { RestRefusal = refusal });

        var first = await ftp.FailAsync(ftp.From(Middle, Version));
        await using var file = await ftp.OpenAsync(ftp.From(Middle, Version) with { RangeRefusals = 1 });

        Assert.That(first.IsUnusableRest, Is.True, first.Message);
        Assert.That(first.Message, Does.Contain(refusal));
        Assert.That(file.SourceOffset, Is.Zero);
    }

    [TestCase("421 Shutting down.")]
    [TestCase("425 No data connection.")]
    public async Task Refusal_that_speaks_of_the_connection_says_nothing_of_the_middle(string refusal)
    {
        await using var ftp = new FtpWire(new FtpScript(Http.Content) { RestRefusal = refusal });

        var failure = await ftp.FailAsync(ftp.From(Middle, Version) with { RangeRefusals = 1 });

        Assert.That(failure.IsTransient, Is.True);
        Assert.That(failure.IsUnusableRest, Is.False);
    }

    [Test]
    public async Task Middle_is_not_asked_for_after_two_replies_that_could_not_be_used()
    {
        await using var ftp = new FtpWire();
        await using var file = await ftp.OpenAsync(ftp.From(Middle, Version) with { RangeRefusals = RemoteRequest.MostRangeRefusals });

        Assert.That(file.SourceOffset, Is.Zero);
        Assert.That(ftp.Server.Commands, Does.Not.Contain($"REST {Middle / 2}"));
    }

    private static FtpScript WithoutSize() => FtpWire.Answering("SIZE", "502 What?");

    // The data end early, and the server says that all was sent.
    private static FtpScript EndingInTheMiddle() => WithoutSize() with
    {
        Send = (stream, _, stop) => stream.WriteAsync(Http.Content.AsMemory(0, Middle), stop).AsTask(),
    };
}
