using Kimchi.Isod.Fixtures;
using Kimchi.Isod.Fixtures.Ftp;

namespace Kimchi.Isod.Integration.Tests.Faults;

/// <summary>FTP servers that tell no size, or refuse the middle of a file.</summary>
public sealed class FtpEndTests : FaultTest
{
    private const int Size = 2 << 20;

    private static byte[] Image { get; } = IsoImage.Make(Size, Size);

    [Test]
    public async Task Good_word_without_any_size_proves_no_end_and_the_reason_says_what_would()
    {
        var daemon = await StartQuickAsync();
        await using var server = new ScriptedFtpServer(WithoutSize(Content));
        var name = await DownloadAsync(daemon, Address(server));

        var status = await daemon.Client.WaitForAsync(name, s => s.Id is not null);

        Assert.That(status.Id, Is.EqualTo("KCHDL0007E"));
        Assert.That(status.Text("reason"), Does.Contain("KCHDL0016E: nothing will prove the end of the file").And.Contain("checksum").And.Contain("downloads:unproven_end = accept"));
    }

    [Test]
    public async Task Good_word_without_any_size_ends_the_file_where_the_administrator_says_so()
    {
        var daemon = await StartQuickAsync(("downloads:unproven_end", "accept"));
        await using var server = new ScriptedFtpServer(WithoutSize(Content));

        await CompleteAsync(daemon, await DownloadAsync(daemon, Address(server)), Content);
    }

    [Test]
    public async Task Good_word_without_any_size_ends_the_file_where_a_checksum_or_the_images_descriptor_proves_it([Values] bool hasChecksum)
    {
        var daemon = await StartQuickAsync();
        var content = hasChecksum ? Content : Image;
        await using var server = new ScriptedFtpServer(WithoutSize(content));

        await CompleteAsync(daemon, await DownloadAsync(daemon, Address(server), hasChecksum ? Checksum(content) : null), content);
    }

    [Test]
    public async Task Good_word_that_comes_too_early_for_the_images_descriptor_is_not_believed()
    {
        var daemon = await StartQuickAsync();
        var sessions = 0;
        await using var server = new ScriptedFtpServer(WithoutSize(Image) with
        {
            Send = (stream, _, stop) => stream.WriteAsync(Image.AsMemory(0, Interlocked.Increment(ref sessions) == 1 ? Size / 2 : Size), stop).AsTask(),
        });

        await CompleteAsync(daemon, await DownloadAsync(daemon, Address(server)), Image);

        await daemon.WaitForLogAsync($"ended at byte {Size / 2} of {Size}");
    }

    [Test]
    public async Task Good_word_that_comes_too_early_for_the_size_in_the_reply_to_retr_is_not_believed()
    {
        var daemon = await StartQuickAsync();
        var sessions = 0;
        await using var server = new ScriptedFtpServer(WithoutSize(Content) with
        {
            Begin = $"150 Opening BINARY mode data connection for a.iso ({Content.Length} bytes).",
            Send = (stream, offset, stop) => stream.WriteAsync(
                Interlocked.Increment(ref sessions) == 1 ? Content.AsMemory(0, Middle) : Content.AsMemory(offset), stop).AsTask(),
        });

        await CompleteAsync(daemon, await DownloadAsync(daemon, Address(server)), Content);
    }

    [TestCase("550 Not from there.")]
    [TestCase("451 Cannot seek.")]
    public async Task Middle_that_is_refused_is_fetched_with_the_whole_and_nothing_that_is_stored_is_lost(string refusal)
    {
        var daemon = await StartQuickAsync();
        var sessions = 0;
        await using var server = new ScriptedFtpServer(new FtpScript(Content)
        {
            RestRefusal = refusal,
            Send = (stream, _, stop) => stream.WriteAsync(Content.AsMemory(0, Interlocked.Increment(ref sessions) == 1 ? Middle : Content.Length), stop).AsTask(),
        });

        await CompleteAsync(daemon, await DownloadAsync(daemon, Address(server)), Content);

        Assert.That(sessions, Is.EqualTo(2));
        Assert.That(server.Commands.Count(c => c == $"REST {ScriptedFtpServer.RestFor(Middle)}"), Is.EqualTo(refusal.StartsWith('5') ? 1 : 2));
        Assert.That(daemon.Log, Does.Not.Contain("starting again from the first byte"));
    }

    // 350 is no evidence: what is sent in front of the missing bytes must be what is stored.
    [Test]
    public async Task Middle_that_is_promised_and_sent_from_the_first_byte_is_found_and_the_whole_is_fetched([Values] bool isCutAgain)
    {
        var daemon = await StartQuickAsync();
        var sessions = 0;
        await using var server = new ScriptedFtpServer(new FtpScript(Content)
        {
            IgnoresRest = true,
            Send = (stream, _, stop) => stream.WriteAsync(
                Content.AsMemory(0, Interlocked.Increment(ref sessions) == 1 || (isCutAgain && sessions == 2) ? Middle : Content.Length), stop).AsTask(),
        });

        await CompleteAsync(daemon, await DownloadAsync(daemon, Address(server)), Content);

        Assert.That(server.Commands, Does.Contain($"REST {ScriptedFtpServer.RestFor(Middle)}"));
        Assert.That(daemon.Log, Does.Contain("is not what is stored").Or.Contain("more than the"));
        Assert.That(daemon.Log, Does.Not.Contain("starting again from the first byte"));
    }

    private static Uri Address(ScriptedFtpServer server) => new($"ftp://127.0.0.1:{server.Port}/");

    private static FtpScript WithoutSize(byte[] content) =>
        new(content) { Replies = new Dictionary<string, string?>(StringComparer.Ordinal) { ["SIZE"] = "502 Not implemented." } };
}
