using CurlSharp.Errors;
using Kimchi.Isod.Fixtures.Ftp;

namespace CurlSharp.Tests;

/// <summary>Transfers from a scripted server, over the real libcurl.</summary>
public sealed class TransferTests
{
    private static readonly TimeSpan LongestWait = TimeSpan.FromSeconds(1);
    private static readonly byte[] Content = RandomBytes(1_000_000);

    [Test]
    public async Task File_comes_whole_and_every_line_is_told()
    {
        await using var server = new ScriptedFtpServer(new FtpScript(Content));
        var recorder = new Recorder();

        Assert.That(Run(Options(server) with { CommandsBefore = ["*SIZE a.iso"u8.ToArray(), "REST 1000"u8.ToArray()] }, recorder), Is.EqualTo(CurlCode.Ok));

        Assert.That(recorder.Data.ToArray(), Is.EqualTo(Content[1000..]));
        Assert.That(recorder.Commands, Does.Contain("SIZE a.iso").And.Contain("REST 1000").And.Contain("RETR a.iso"));
        Assert.That(recorder.Replies, Does.Contain($"213 {Content.Length}").And.Contain("226 Transfer complete."));
    }

    [Test]
    public async Task Data_connection_is_closed_after_all_bytes_have_come()
    {
        await using var server = new ScriptedFtpServer(new FtpScript(Content));
        var recorder = new Recorder();

        Run(Options(server), recorder);

        Assert.That(recorder.Closings, Has.Count.EqualTo(2).And.All.EqualTo(Content.Length), "data, then control");
    }

    [Test]
    public async Task Refusal_is_a_result_and_no_exception()
    {
        await using var server = new ScriptedFtpServer(Answering("RETR", "550 No such file."));

        Assert.That(Run(Options(server), new Recorder()), Is.EqualTo(CurlCode.RemoteFileNotFound));
    }

    [Test]
    public async Task What_the_receiver_throws_is_thrown_to_whoever_drives_the_transfer()
    {
        await using var server = new ScriptedFtpServer(new FtpScript(Content));
        var failure = new InvalidOperationException("the disk is full");

        Assert.That(() => Run(Options(server), new Recorder { Failure = failure }), Throws.Exception.SameAs(failure));
        server.WaitUntilLeft();
    }

    [TestCase("RETR", null)]
    [TestCase("AUTH", "234 Go ahead.")]
    public async Task Abort_by_another_thread_ends_it_whatever_it_waits_for(string command, string? reply)
    {
        await using var server = new ScriptedFtpServer(Answering(command, reply));
        using var transfer = new CurlTransfer(
            Options(server) with { ConnectTimeout = TimeSpan.FromHours(1), ReplyTimeout = TimeSpan.FromHours(1) }, new Recorder());
        var driving = Task.Factory.StartNew(
            () => Drive(transfer), CancellationToken.None, TaskCreationOptions.LongRunning, TaskScheduler.Default);
        server.WaitFor(command);

        transfer.Abort();
        transfer.Abort();

        Assert.That(await driving, Is.EqualTo(CurlCode.AbortedByCallback));
    }

    [Test]
    public async Task Nothing_is_open_after_disposal()
    {
        await using var server = new ScriptedFtpServer(new FtpScript(Content));
        using (var transfer = new CurlTransfer(Options(server), new Recorder()))
        {
            while (server.OpenSessions == 0 && transfer.Perform()) transfer.Wait(LongestWait);
        }

        server.WaitUntilLeft();
    }

    [TestCase("http://127.0.0.1/")]
    [TestCase("file:///etc/passwd")]
    public void Other_protocols_are_not_spoken(string url) => Assert.That(
        Run(new CurlTransferOptions { Url = url }, new Recorder()), Is.EqualTo(CurlCode.UnsupportedProtocol));

    [Test]
    public void Text_that_c_would_cut_is_refused() => Assert.That(
        () => Run(new CurlTransferOptions { Url = "ftp://127.0.0.1/a\0b" }, new Recorder()), Throws.ArgumentException);

    [Test]
    public async Task Authorities_that_are_none_are_told()
    {
        await using var server = new ScriptedFtpServer(new FtpScript(Content));

        Assert.That(
            Run(Options(server) with { Url = $"ftps://127.0.0.1:{server.Port}/a", Authorities = "no PEM"u8.ToArray() }, new Recorder()),
            Is.EqualTo(CurlCode.SslCaCertBadFile));
    }

    [Test]
    public void Library_tells_its_version() => Assert.That(CurlLibrary.GetVersion(), Does.StartWith("libcurl/"));

    [Test]
    public void Library_that_is_missing_names_the_packages() => Assert.That(
        () => CurlLibrary.Require("libcurl-nowhere.so.4"),
        Throws.TypeOf<CurlNotInstalledException>().With.Message.Contains("libcurl4").And.Property("Library").EqualTo("libcurl-nowhere.so.4"));

    private static CurlTransferOptions Options(ScriptedFtpServer server) => new() { Url = $"ftp://127.0.0.1:{server.Port}/a.iso" };

    private static FtpScript Answering(string command, string? reply) =>
        new(Content) { Replies = new Dictionary<string, string?>(StringComparer.Ordinal) { [command] = reply } };

    private static CurlCode? Run(CurlTransferOptions options, Recorder recorder)
    {
        using var transfer = new CurlTransfer(options, recorder);
        return Drive(transfer);
    }

    private static CurlCode? Drive(CurlTransfer transfer)
    {
        while (transfer.Perform()) transfer.Wait(LongestWait);
        return transfer.Result;
    }

    private static byte[] RandomBytes(int count)
    {
        var bytes = new byte[count];
        new Random(1).NextBytes(bytes);
        return bytes;
    }
}
