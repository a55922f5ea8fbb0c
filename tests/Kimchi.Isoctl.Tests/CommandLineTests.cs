using Kimchi.Isoctl.Commands;
using Kimchi.Isod.Contracts;
using Microsoft.AspNetCore.Http;

namespace Kimchi.Isoctl.Tests;

/// <summary>The command line, and how it ends.</summary>
[FixtureLifeCycle(LifeCycle.InstancePerTestCase)]
public sealed class CommandLineTests
{
    private readonly StringWriter _output = new();
    private readonly StringWriter _error = new();

    [TestCase("frobnicate", "'frobnicate'")]
    [TestCase("download", "'URL' missing")]
    [TestCase("download http://h/a http://h/b --name c", "--name is of one image")]
    [TestCase("download http://h/a http://h/b --checksum md5:0", "--checksum is of one image")]
    [TestCase("download http://h/a http://h/b --mirror http://m/a", "--mirror is of one image")]
    [TestCase("download http://h/a --connections many", "'many'")]
    [TestCase("download http://h/a --if-exists replace", "'replace'")]
    [TestCase("download http://h/a --verify always", "'always'")]
    [TestCase("download http://h/a --verify auto --checksum-url http://h/s", "--verify excludes --checksum")]
    [TestCase("download http://h/a http://i/b --header X:1", "--header is for one server")]
    [TestCase("download http://h/a --password-file f", "--username")]
    [TestCase("download http://h/a --limit-rate fast", "'fast' is no rate")]
    [TestCase("limit a.iso -5", "-5")]
    [TestCase("limit a.iso", "'RATE' missing")]
    [TestCase("status a.iso b.iso", "b.iso")]
    [TestCase("pause", "'NAME' missing")]
    [TestCase("completion csh", "csh")]
    [TestCase("list --frobnicate", "--frobnicate")]
    public async Task Wrong_usage_is_2_and_says_what_and_where_to_look(string line, string complaint)
    {
        Assert.That(await RunAsync(line), Is.EqualTo(ExitCode.Usage));
        Assert.That(_error.ToString(), Does.Contain(complaint).And.Contain("--help"));
        Assert.That(_output.ToString(), Is.Empty);
    }

    [Test]
    public async Task Absent_daemon_is_3_and_names_the_socket_and_the_mend()
    {
        Assert.That(await RunAsync("list --socket /nowhere/isod.sock"), Is.EqualTo(ExitCode.OutOfReach));
        Assert.That(_error.ToString(), Does.Contain("/nowhere/isod.sock").And.Contain("systemctl start kimchi-isod").And.Contain("--socket"));
    }

    [Test]
    public async Task Refusal_is_4_with_the_reason_of_the_daemon_made_harmless()
    {
        await using var daemon = await FakeDaemon.StartAsync(context => RefuseAsync(context, "KCHDL0002E: none \u001b[2J"));

        Assert.That(await RunAsync($"status a.iso --socket {daemon.Socket}"), Is.EqualTo(ExitCode.Refused));
        Assert.That(_error.ToString(), Is.EqualTo("kimchi-isoctl: KCHDL0002E: none \\u{1B}[2J" + Environment.NewLine));
    }

    [Test]
    public async Task Headers_come_from_the_command_line_and_from_a_file()
    {
        string? body = null;
        await using var daemon = await FakeDaemon.StartAsync(async context =>
        {
            body ??= await new StreamReader(context.Request.Body).ReadToEndAsync(context.RequestAborted);
            await RefuseAsync(context, "KCHAPI0008E: no");
        });
        using var folder = new Kimchi.Isod.Fixtures.TemporaryDirectory("headers");
        await File.WriteAllTextAsync(folder["headers"], "# mine\n\nAuthorization: Bearer a:b\r\n");

        await RunAsync($"download http://h/a http://h/b --header X-Key:1 --header-file {folder["headers"]} --socket {daemon.Socket}");

        Assert.That(body, Does.Contain("""{"X-Key":"1","Authorization":"Bearer a:b"}"""));
    }

    [TestCase("no header at all s3cret", "--header-file is no header")]
    [TestCase(": s3cret", "line 1")]
    [TestCase("X: s3cret\nx: s3cret", "'x' is there twice")]
    public async Task Line_that_is_no_header_is_named_by_its_place(string text, string complaint)
    {
        using var folder = new Kimchi.Isod.Fixtures.TemporaryDirectory("headers");
        await File.WriteAllTextAsync(folder["headers"], text);

        Assert.That(await RunAsync($"download http://h/a --header-file {folder["headers"]}"), Is.EqualTo(ExitCode.Usage));
        Assert.That(_error.ToString(), Does.Contain(complaint).And.Not.Contain("s3cret"));
    }

    [Test]
    public async Task Kept_image_that_no_record_tells_of_is_not_waited_for()
    {
        await using var daemon = await FakeDaemon.StartAsync(context => context.Request.Method == "GET"
            ? RefuseAsync(context, "KCHDL0002E: none") : context.Response.WriteAsJsonAsync(new StartDownloadReply("a.iso"), ApiJson.Wire.StartDownloadReply, contentType: null, context.RequestAborted));

        Assert.That(await RunAsync($"download http://h/a.iso --if-exists keep --socket {daemon.Socket}"), Is.EqualTo(ExitCode.Done), _error.ToString());
        Assert.That(_output.ToString(), Is.EqualTo("a.iso  is in the pool" + Environment.NewLine));
    }

    [Test]
    public async Task Refusal_of_one_name_does_not_keep_the_others_from_their_turn()
    {
        await using var daemon = await FakeDaemon.StartAsync(context => context.Request.Path.Value!.EndsWith("/b.iso", StringComparison.Ordinal)
            ? RefuseAsync(context, "KCHDL0011E: not over") : NoContentAsync(context));

        Assert.That(await RunAsync($"forget a.iso b.iso c.iso --socket {daemon.Socket}"), Is.EqualTo(ExitCode.Refused));
        Assert.That(_output.ToString(), Does.Contain("a.iso: forgotten").And.Contain("c.iso: forgotten"));
        Assert.That(_error.ToString(), Does.Contain("KCHDL0011E"));
    }

    [Test]
    public async Task Something_else_on_the_socket_is_told()
    {
        await using var daemon = await FakeDaemon.StartAsync(context => context.Response.WriteAsync("<html>", context.RequestAborted));

        Assert.That(await RunAsync($"list --socket {daemon.Socket}"), Is.EqualTo(ExitCode.Refused));
        Assert.That(_error.ToString(), Does.Contain("does not speak"));
    }

    [Test]
    public async Task Name_with_any_character_is_sent_as_it_is()
    {
        await using var daemon = await FakeDaemon.StartAsync(NoContentAsync);

        Assert.That(await RootCommandLine.RunAsync(["forget", "100% #1?.iso", "--socket", daemon.Socket], _output, _error), Is.Zero, _error.ToString());
        Assert.That(daemon.Requests, Is.EqualTo(new[] { "DELETE /storagepools/ISO/storagevolumes/download/100% #1?.iso" }));
    }

    [Test]
    public async Task Mirrors_metalink_and_connections_are_sent()
    {
        StartDownloadRequest? sent = null;
        await using var daemon = await FakeDaemon.StartAsync(async context =>
        {
            sent = await context.Request.ReadFromJsonAsync(ApiJson.Wire.StartDownloadRequest, context.RequestAborted);
            await context.Response.WriteAsJsonAsync(new StartDownloadReply("a"), ApiJson.Wire.StartDownloadReply, contentType: null, context.RequestAborted);
        });

        await RunAsync($"download http://h/a --mirror http://m/a --mirror ftp://n/a --metalink http://h/a.meta4 --connections 8 --no-wait --socket {daemon.Socket}");

        Assert.That(sent!.Mirrors, Is.EqualTo(new[] { "http://m/a", "ftp://n/a" }));
        Assert.That(sent.MetalinkUrl, Is.EqualTo("http://h/a.meta4"));
        Assert.That(sent.Connections, Is.EqualTo(8));
    }

    [Test]
    public async Task Nothing_at_all_shows_the_help()
    {
        Assert.That(await RunAsync(""), Is.EqualTo(ExitCode.Done));
        Assert.That(_output.ToString(), Does.Contain("Exit codes").And.Contain("download <URL>"));
    }

    [TestCase("status")]
    [TestCase("pause")]
    [TestCase("resume")]
    [TestCase("cancel")]
    [TestCase("retry")]
    [TestCase("forget")]
    [TestCase("limit")]
    [TestCase("watch")]
    public async Task Help_of_a_command_names_its_arguments_and_asks_nobody(string command)
    {
        var list = new DownloadList([Samples.Running]);
        await using var daemon = await FakeDaemon.StartAsync(
            context => context.Response.WriteAsJsonAsync(list, ApiJson.Wire.DownloadList, contentType: null, context.RequestAborted));

        Assert.That(await RunAsync($"{command} --help --socket {daemon.Socket}"), Is.EqualTo(ExitCode.Done));

        Assert.That(_output.ToString(), Does.Contain("<NAME>").And.Not.Contain("debian.iso"));
        Assert.That(daemon.Requests, Is.Empty);
    }

    private Task<int> RunAsync(string line) =>
        RootCommandLine.RunAsync(line.Split(' ', StringSplitOptions.RemoveEmptyEntries), _output, _error);

    private static Task RefuseAsync(HttpContext context, string reason)
    {
        context.Response.StatusCode = 400;
        return context.Response.WriteAsJsonAsync(new ErrorReply("400 Bad Request", reason), ApiJson.Wire.ErrorReply, contentType: null, context.RequestAborted);
    }

    private static Task NoContentAsync(HttpContext context)
    {
        context.Response.StatusCode = 204;
        return Task.CompletedTask;
    }
}
