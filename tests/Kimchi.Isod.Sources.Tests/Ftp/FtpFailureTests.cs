using System.Net;
using System.Net.Sockets;
using Kimchi.Isod.Core.Errors;
using Kimchi.Isod.Core.Remote;
using Kimchi.Isod.Fixtures;
using Kimchi.Isod.Fixtures.Ftp;

namespace Kimchi.Isod.Sources.Tests.Ftp;

/// <summary>What goes wrong, in whose words, and whether it may pass.</summary>
[CancelAfter(60_000)]
public sealed class FtpFailureTests
{
    // The shortest that libcurl counts in; only tests of silence wait for it.
    private static readonly NetworkOptions Impatient = FtpWire.Direct with
    {
        ConnectTimeout = TimeSpan.FromSeconds(1),
        StallTimeout = TimeSpan.FromSeconds(1),
    };

    [TestCase("", "421 Too many users.", true)]
    [TestCase("", "500 Go away.", false)]
    [TestCase("USER", "530 Not today.", false)]
    [TestCase("PASS", "530 Login incorrect.", false)]
    [TestCase("PASS", "421 Too many of you.", true)]
    [TestCase("CWD", "550 No such directory.", false)]
    [TestCase("TYPE", "504 Text only.", false)]
    [TestCase("RETR", "550 No such file.", false)]
    [TestCase("RETR", "450 Busy.", true)]
    [TestCase("RETR", "425 No data connection.", true)]
    [TestCase("RETR", "421 Shutting down.", true)]
    public async Task Refusal_is_told_in_the_servers_words_and_sorted(string command, string reply, bool isTransient)
    {
        await using var ftp = new FtpWire(FtpWire.Answering(command, reply));

        var failure = await ftp.FailAsync();

        Assert.That(failure.Message, Does.Contain($"127.0.0.1:{ftp.Server.Port} answered '{reply}'{(command.Length > 0 ? $" to {command}" : "")}"));
        Assert.That(failure.IsTransient, Is.EqualTo(isTransient));
        ftp.Server.WaitUntilLeft();
    }

    [Test]
    public async Task Reply_of_many_lines_is_one_reply()
    {
        await using var ftp = new FtpWire(FtpWire.Answering("RETR", "550-First\n 250 not the end\n550 last"));

        Assert.That((await ftp.FailAsync()).Message, Does.Contain("answered '550 First  250 not the end last' to RETR"));
    }

    [Test]
    public async Task Terminals_get_nothing_to_obey()
    {
        await using var ftp = new FtpWire(FtpWire.Answering("RETR", "550 \u001b[31mred\u0007"));

        Assert.That((await ftp.FailAsync()).Message, Does.Contain("answered '550 [31mred'"));
    }

    [Test]
    public async Task Nothing_of_the_login_is_told()
    {
        await using var ftp = new FtpWire(FtpWire.Answering("PASS", "530 The user ada cannot log in with enigma."));

        var failure = await ftp.FailAsync(new RemoteRequest(ftp.Url(), new Credentials("ada", "enigma")));

        Assert.That(failure.ToString(), Does.Not.Contain("ada").And.Not.Contain("enigma"));
        Assert.That(failure.Message, Does.Contain("give a user name and a password that it accepts"));
        Assert.That(ftp.Server.Commands, Does.Contain("USER ada").And.Contain("PASS enigma"));
    }

    [Test]
    public async Task Password_is_not_told_where_a_long_reply_is_cut([Range(290, 302)] int length)
    {
        await using var ftp = new FtpWire(FtpWire.Answering("PASS", $"530 {new string('-', length)}enigma"));

        var failure = await ftp.FailAsync(new RemoteRequest(ftp.Url(), new Credentials("ada", "enigma")));

        Assert.That(failure.Message, Does.Not.Contain("-e").And.Length.LessThan(600));
    }

    [TestCase("a\r\nDELE b")]
    [TestCase("a\nb")]
    public async Task Login_with_control_characters_is_refused_unasked(string secret)
    {
        await using var ftp = new FtpWire();

        await Assert.ThatAsync(
            () => ftp.OpenAsync(new RemoteRequest(ftp.Url(), new Credentials("ada", secret))),
            Throws.TypeOf<DownloadException>().With.Property("Kind").EqualTo(DownloadErrorKind.FieldInvalid).And.Message.Not.Contains("DELE"));
        Assert.That(ftp.Server.Commands, Is.Empty);
    }

    [TestCase("426 Failure writing network stream.", true)]
    [TestCase("451 Failure reading local file.", true)]
    [TestCase("551 Page type unknown.", false)]
    public async Task Refusal_in_the_middle_is_told(string reply, bool isTransient)
    {
        await using var ftp = new FtpWire(Cut(50_000) with { End = reply });

        var failure = await ftp.FailAsync();

        Assert.That(failure.Message, Does.Contain($"answered '{reply}' to RETR at byte 50000"));
        Assert.That(failure.IsTransient, Is.EqualTo(isTransient));
    }

    [Test]
    public async Task Too_few_bytes_are_no_file_though_the_server_says_so()
    {
        await using var ftp = new FtpWire(Cut(50_000));

        var failure = await ftp.FailAsync();

        Assert.That(failure.Message, Does.Contain("byte 50000 of 100000"));
        Assert.That(failure.IsTransient, Is.True);
    }

    [Test]
    public async Task More_bytes_than_the_size_are_another_file()
    {
        await using var ftp = new FtpWire(FtpWire.Answering("SIZE", "213 50000"));

        var failure = await ftp.FailAsync();

        Assert.That(failure.Message, Does.Contain("more than the 50000 bytes"));
        Assert.That(failure.IsTransient, Is.False);
    }

    // The last byte is kept back, so that a retry has to ask the server for it.
    [TestCase("close", "ended at byte 99999 of 100000")]
    [TestCase(null, "ended at byte 99999 of 100000")]
    [TestCase("426 Failure writing network stream.", "'426 Failure writing network stream.' to RETR at byte 99999")]
    public async Task All_bytes_without_a_good_end_are_one_too_few(string? end, string words)
    {
        await using var ftp = new FtpWire(new FtpScript(Http.Content) { End = end }, Impatient);
        await using var file = await ftp.OpenAsync();
        var read = new MemoryStream();
        var buffer = new byte[7000];

        var failure = await Assert.ThrowsAsync<DownloadException>(async () =>
        {
            for (int count; (count = await file.ReadAsync(buffer, CancellationToken.None)) > 0;) read.Write(buffer, 0, count);
        });

        Assert.That(read.ToArray(), Is.EqualTo(Http.Content[..^1]));
        Assert.That(failure!.Message, Does.Contain(words));
        Assert.That(failure.IsTransient, Is.True);
    }

    [Test]
    public async Task Control_connection_that_is_lost_in_the_middle_loses_no_byte()
    {
        await using var ftp = new FtpWire(Cut(70_000) with { End = "close" });
        await using var file = await ftp.OpenAsync();
        var buffer = new byte[70_000];

        await Reading.ExactlyAsync(file, buffer);

        Assert.That(buffer, Is.EqualTo(Http.Content[..70_000]));
        var failure = await Assert.ThrowsAsync<DownloadException>(async () => await file.ReadAsync(buffer, CancellationToken.None));
        Assert.That(failure!.IsTransient, Is.True);
    }

    [Test]
    public async Task Silent_data_connection_is_a_stall()
    {
        await using var ftp = new FtpWire(
            new FtpScript(Http.Content)
            {
                Send = async (stream, _, stop) =>
                {
                    await stream.WriteAsync(Http.Content.AsMemory(0, 1000), stop);
                    await Task.Delay(Timeout.Infinite, stop);
                },
            },
            Impatient);

        var failure = await ftp.FailAsync();

        Assert.That(failure.Message, Does.Contain("stalled at byte 1000"));
        Assert.That(failure.IsTransient, Is.True);
    }

    [TestCase("", 1, 3600, "no connection to 127.0.0.1:")]
    [TestCase("PASS", 1, 3600, "did not answer within 1 s (downloads:connect_timeout)")]
    [TestCase("PASS", 3600, 1, "did not answer within 1 s (downloads:stall_timeout)")]
    [TestCase("RETR", 3600, 1, "did not answer within 1 s (downloads:stall_timeout)")]
    public async Task Silent_server_is_given_up(string command, int connectSeconds, int stallSeconds, string words)
    {
        await using var ftp = new FtpWire(FtpWire.Answering(command, null), FtpWire.Direct with
        {
            ConnectTimeout = TimeSpan.FromSeconds(connectSeconds),
            StallTimeout = TimeSpan.FromSeconds(stallSeconds),
        });

        var failure = await ftp.FailAsync();

        Assert.That(failure.Message, Does.Contain(words));
        Assert.That(failure.IsTransient, Is.True);
        ftp.Server.WaitUntilLeft();
    }

    [TestCase("HTTP/1.1 400 Bad Request")]
    [TestCase("SSH-2.0-OpenSSH_9.2")]
    public async Task Another_protocol_is_told(string greeting)
    {
        await using var ftp = new FtpWire(FtpWire.Answering("", greeting), Impatient);

        Assert.That((await ftp.FailAsync()).Message, Does.Contain($"127.0.0.1:{ftp.Server.Port}"));
    }

    [Test]
    public async Task Server_that_talks_on_and_on_is_left()
    {
        var words = string.Join('\n', Enumerable.Repeat("220-" + new string('x', 100), 1000)) + "\n220 Well.";
        await using var ftp = new FtpWire(FtpWire.Answering("", words));

        var failure = await ftp.FailAsync();

        Assert.That(failure.Message, Does.Contain("replies are too long"));
        Assert.That(failure.IsTransient, Is.False);
        ftp.Server.WaitUntilLeft();
    }

    [Test]
    public async Task Refused_connection_may_pass()
    {
        using var source = new RemoteSource(FtpWire.Direct, TimeProvider.System);
        var url = RemoteUrl.Parse($"ftp://127.0.0.1:{LoopbackPorts.FindFree()}/a.iso");

        var failure = await Assert.ThrowsAsync<DownloadException>(() => source.OpenAsync(new RemoteRequest(url, null), CancellationToken.None));

        Assert.That(failure!.IsTransient, Is.True);
        Assert.That(failure.Message, Does.Contain($"127.0.0.1:{url.Port}").And.Contain("Connection refused"));
    }

    [Test]
    public async Task Host_that_does_not_exist_is_told()
    {
        using var source = new RemoteSource(FtpWire.Direct, TimeProvider.System);

        var failure = await Assert.ThrowsAsync<DownloadException>(
            () => source.OpenAsync(new RemoteRequest(RemoteUrl.Parse("ftp://nowhere.invalid/a.iso"), null), CancellationToken.None));

        Assert.That(failure!.Message, Does.Contain("the host 'nowhere.invalid' is not found"));
    }

    [Test]
    public async Task Tls_that_is_required_and_not_there_is_told()
    {
        await using var ftp = new FtpWire(options: FtpWire.Direct with { FtpTls = FtpTls.Require });

        var failure = await ftp.FailAsync();

        Assert.That(failure.Message, Does.Contain("has no TLS").And.Contain("network:ftp_tls"));
        Assert.That(failure.IsTransient, Is.False);
        Assert.That(ftp.Server.Commands, Has.None.StartsWith("USER"));
    }

    [Test]
    public async Task Denied_network_is_not_connected_to()
    {
        await using var ftp = new FtpWire(options: FtpWire.Direct with { DenyNetworks = [IPNetwork.Parse("127.0.0.0/8")] });

        Assert.That((await ftp.FailAsync()).Message, Does.Contain("denied network 127.0.0.0/8"));
        Assert.That((await ftp.FailAsync(new RemoteRequest(RemoteUrl.Parse($"ftp://localhost:{ftp.Server.Port}/a"), null))).Message, Does.Contain("denied network"));
        Assert.That(ftp.Server.Commands, Is.Empty);
    }

    private static FtpScript Cut(int length) => new(Http.Content)
    {
        Send = (stream, _, stop) => stream.WriteAsync(Http.Content.AsMemory(0, length), stop).AsTask(),
    };
}
