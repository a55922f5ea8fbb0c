using System.Net.Sockets;
using Kimchi.Isod.Fixtures.Ftp;

namespace Kimchi.Isod.Integration.Tests.Faults;

/// <summary>What FTP servers do wrong in the middle of a file.</summary>
public sealed class FtpFaultTests : FaultTest
{
    [Test]
    public async Task Reset_in_the_middle_costs_only_what_was_in_the_air()
    {
        var daemon = await StartQuickAsync();
        var (script, isStored) = HoldingInTheMiddle(stream =>
        {
            var socket = ((NetworkStream)stream).Socket;
            socket.LingerState = new LingerOption(enable: true, 0);
            socket.Close();
        });
        await using var server = new ScriptedFtpServer(script with { End = "426 Connection closed; transfer aborted." });
        var name = await DownloadToMiddleAsync(daemon, Address(server));

        server.Script = new FtpScript(Content);
        isStored.SetResult();
        await CompleteAsync(daemon, name, Content);

        Assert.That(Restarts(server), Has.Count.EqualTo(1).And.All.InRange(ScriptedFtpServer.RestFor(Stored), ScriptedFtpServer.RestFor(Middle)));
    }

    [TestCase("226 Transfer complete.")]
    [TestCase("426 Connection closed; transfer aborted.")]
    [TestCase("close")]
    public async Task Data_that_end_early_are_gone_on_with_from_the_last_byte(string end)
    {
        var daemon = await StartQuickAsync();
        var (script, isStored) = HoldingInTheMiddle(_ => { });
        await using var server = new ScriptedFtpServer(script with { End = end });
        var name = await DownloadToMiddleAsync(daemon, Address(server));

        server.Script = new FtpScript(Content);
        isStored.SetResult();
        await CompleteAsync(daemon, name, Content);

        Assert.That(Restarts(server), Is.EqualTo(new[] { ScriptedFtpServer.RestFor(Middle) }));
    }

    [Test]
    public async Task Server_that_falls_silent_is_left_and_asked_again()
    {
        var daemon = await StartQuickAsync(("downloads:stall_timeout", "1s"));
        var (script, _) = HoldingInTheMiddle(_ => { });
        await using var server = new ScriptedFtpServer(script);
        var name = await DownloadToMiddleAsync(daemon, Address(server));

        server.Script = new FtpScript(Content);
        await CompleteAsync(daemon, name, Content);

        await daemon.WaitForLogAsync($"the transfer stalled at byte {Middle}");
    }

    [Test]
    public async Task Changed_file_of_the_same_length_is_fetched_from_its_first_byte()
    {
        var daemon = await StartQuickAsync();
        var (script, isStored) = HoldingInTheMiddle(_ => { });
        await using var server = new ScriptedFtpServer(script);
        var name = await DownloadToMiddleAsync(daemon, Address(server));

        server.Script = new FtpScript(Other) { Replies = new Dictionary<string, string?> { ["MDTM"] = "213 20260102030406" } };
        isStored.SetResult();
        await CompleteAsync(daemon, name, Other);

        await daemon.WaitForLogAsync("the remote file has changed");
    }

    [Test]
    public async Task Server_that_refuses_for_now_is_asked_again_and_one_that_refuses_for_good_is_not()
    {
        var daemon = await StartQuickAsync();
        var (script, isStored) = HoldingInTheMiddle(_ => { });
        await using var server = new ScriptedFtpServer(script);
        var name = await DownloadToMiddleAsync(daemon, Address(server));

        server.Script = Answering("421 Too many users.");
        isStored.SetResult();
        await daemon.WaitForLogAsync("421 Too many users.");
        await AssertDownloadingAsync(daemon, name);
        server.Script = Answering("550 No such file.");
        var reason = await FailAsync(daemon, name, Content, Middle);

        Assert.That(reason, Does.Contain("550 No such file."));
    }

    private static Uri Address(ScriptedFtpServer server) => new($"ftp://127.0.0.1:{server.Port}/");

    // The data of the first session break off in the middle, once the test says so.
    private static (FtpScript Script, TaskCompletionSource Go) HoldingInTheMiddle(Action<Stream> end)
    {
        var go = new TaskCompletionSource();
        var script = new FtpScript(Content)
        {
            Send = async (stream, _, stop) =>
            {
                await stream.WriteAsync(Content.AsMemory(0, Middle), stop);
                await go.Task.WaitAsync(stop);
                end(stream);
            },
        };
        return (script, go);
    }

    private static FtpScript Answering(string reply) =>
        new(Content) { Replies = new Dictionary<string, string?> { ["RETR"] = reply } };

    private static List<long> Restarts(ScriptedFtpServer server) =>
        [.. server.Commands.Where(c => c.StartsWith("REST ", StringComparison.Ordinal) && c != "REST 0")
            .Select(c => long.Parse(c[5..], System.Globalization.CultureInfo.InvariantCulture))];
}
