using System.Net;
using Kimchi.Isod.Fixtures;

namespace Kimchi.Isod.Integration.Tests;

/// <summary>The socket, the errors of the API itself, and how the daemon starts and refuses to.</summary>
[Parallelizable(ParallelScope.Self)]
public sealed class ServerTests : IsodTest
{
    private const string Status = IsodClient.Downloads + "/status";

    [TestCase("GET", "/nothing", null, 404, "KCHAPI0001E")]
    [TestCase("PUT", Status, null, 405, "KCHAPI0005E")]
    [TestCase("DELETE", IsodClient.Downloads, null, 405, "KCHAPI0005E")]
    [TestCase("POST", Status, "", 400, "KCHAPI0006E")]
    [TestCase("POST", Status, "{", 400, "KCHAPI0006E")]
    [TestCase("POST", Status, "[]", 400, "KCHAPI0006E")]
    [TestCase("POST", Status, "null", 400, "KCHAPI0006E")]
    [TestCase("POST", Status, "{} {}", 400, "KCHAPI0006E")]
    [TestCase("POST", Status, """{"name":"a","name":"b"}""", 400, "KCHAPI0006E")]
    [TestCase("POST", Status, "{}", 400, "KCHAPI0008E")]
    [TestCase("POST", Status, """{"name":1}""", 400, "KCHAPI0008E")]
    [TestCase("POST", Status, """{"name":null}""", 400, "KCHAPI0008E")]
    [TestCase("POST", Status, """{"name":"a","nmae":"a"}""", 400, "KCHAPI0008E")]
    [TestCase("POST", IsodClient.Downloads, "{}", 400, "KCHAPI0008E")]
    [TestCase("POST", IsodClient.Downloads, """{"url":["http://host/a"]}""", 400, "KCHAPI0008E")]
    [TestCase("POST", IsodClient.Downloads, """{"url":"http://host/a","password":"x"}""", 400, "KCHAPI0008E")]
    public async Task Request_that_cannot_be_served_gets_kimchis_error(string method, string path, string? body, int status, string id)
    {
        var daemon = await StartAsync();

        AssertError(await daemon.Client.SendAsync(new HttpMethod(method), path, body), status, id);
        AssertError(await daemon.Client.SendAsync(new HttpMethod(method), "/plugins/kimchi" + path, body), status, id);
    }

    [Test]
    public async Task Field_that_is_wrong_is_named()
    {
        var daemon = await StartAsync();

        Assert.That((await daemon.Client.CallAsync("", new { uri = "x" })).Body, Does.Contain("'uri' is unknown").And.Contain("url, name"));
        Assert.That((await daemon.Client.CallAsync("", new { name = "x" })).Body, Does.Contain("'url' is missing"));
        Assert.That((await daemon.Client.CallAsync("", new { url = 5 })).Body, Does.Contain("'url' must be a text"));
        Assert.That(
            (await daemon.Client.CallAsync("", new { url = "http://host/a", limit_rate = "20M" })).Body,
            Does.Contain("'limit_rate' must be a whole number"));
    }

    [Test]
    public async Task Content_type_must_be_json_or_absent()
    {
        var daemon = await StartAsync();
        const string Body = """{"name":"a.iso"}""";

        AssertError(await daemon.Client.SendAsync(HttpMethod.Post, Status, Body, "text/plain"), 415, "KCHAPI0007E");
        AssertError(await daemon.Client.SendAsync(HttpMethod.Post, Status, Body, "application/x-www-form-urlencoded"), 415, "KCHAPI0007E");
        AssertError(await daemon.Client.SendAsync(HttpMethod.Post, Status, Body, contentType: null), 400, "KCHDL0002E");
        AssertError(await daemon.Client.SendAsync(HttpMethod.Post, Status, Body, "application/json; charset=utf-8"), 400, "KCHDL0002E");
        AssertError(await daemon.Client.SendAsync(HttpMethod.Post, Status + "/", Body), 400, "KCHDL0002E");
    }

    [Test]
    public async Task Body_over_64_kib_is_413()
    {
        var daemon = await StartAsync();

        AssertError(
            await daemon.Client.SendAsync(HttpMethod.Post, Status, $$"""{"name":"{{new string('a', 70_000)}}"}"""), 413, "KCHAPI0009E");
    }

    [Test]
    public async Task Http_2_without_tls_works()
    {
        var daemon = await StartAsync();

        var reply = await daemon.Client.SendAsync(HttpMethod.Post, Status, """{"name":"a.iso"}""", version: HttpVersion.Version20);

        AssertError(reply, 400, "KCHDL0002E");
    }

    [Test]
    public async Task Queue_that_is_full_is_429()
    {
        var daemon = await StartAsync(("downloads:max_active", "1"), ("downloads:max_waiting", "1"));
        var name = NewName();
        Nginx.AddFile(name, 20_000_000);
        foreach (var _ in new[] { 1, 2 })
            Assert.That((await daemon.Client.StartAsync(Nginx.Url("crawl/" + name))).Status, Is.EqualTo(HttpStatusCode.OK));

        AssertError(await daemon.Client.StartAsync(Nginx.Url("crawl/" + name)), 429, "KCHDL0009E");
    }

    [Test]
    public async Task Socket_has_its_mode_and_group()
    {
        var daemon = await StartAsync(("server:socket_mode", "0620"), ("server:socket_group", "daemon"));

        Assert.That(ChildProcess.Run("stat", "-c", "%a %G", daemon.Socket).Trim(), Is.EqualTo("620 daemon"));
    }

    [Test]
    public async Task Socket_file_that_a_dead_daemon_left_is_replaced()
    {
        var daemon = await StartAsync();
        await daemon.KillAsync();
        Assert.That(File.Exists(daemon.Socket));

        await daemon.StartAsync();
        await daemon.StopAsync();

        Assert.That(File.Exists(daemon.Socket), Is.False, "a daemon that stops in order takes its socket along");
    }

    [Test]
    public async Task Second_daemon_on_the_same_socket_refuses_to_start()
    {
        var first = await StartAsync();
        var second = Prepare(("server:socket", first.Socket));
        second.StartWithoutWaiting();

        Assert.That(await second.WaitForExitAsync(), Is.EqualTo(1));

        Assert.That(second.Log, Does.Contain("is in use by another daemon").And.Contain("server:socket"));
        Assert.That(await first.Client.AnswersAsync());
    }

    [Test]
    public async Task Second_daemon_on_the_same_state_refuses_to_start()
    {
        var first = await StartAsync();
        var second = Prepare(("state:directory", first.StateDirectory));
        second.StartWithoutWaiting();

        Assert.That(await second.WaitForExitAsync(), Is.EqualTo(1));

        Assert.That(second.Log, Does.Contain("in use by another kimchi-isod").And.Contain("state:directory"));
    }

    [Test]
    public async Task Configuration_that_is_wrong_names_file_section_and_key()
    {
        var daemon = Prepare(("downloads:max_active", "many"), ("downloads:max_activ", "1"));
        daemon.StartWithoutWaiting();

        Assert.That(await daemon.WaitForExitAsync(), Is.EqualTo(78));

        Assert.That(daemon.Log, Does.Match("kimchi-isod.conf: downloads:max_active: 'many' is not usable; give a whole number"));
        Assert.That(daemon.Log, Does.Match("kimchi-isod.conf: downloads:max_activ: there is no such key"));
    }

    [Test]
    public void Shipped_configuration_is_good()
    {
        var shipped = Path.Combine(Repository.Root, "packaging", "kimchi-isod.conf");

        Assert.That(ChildProcess.Run(IsodProcess.Binary, "--config", shipped, "--check-config"), Does.Contain("good"));
        Assert.That(ChildProcess.Run(IsodProcess.Binary, "--version"), Does.Match(@"^kimchi-isod \d+\.\d+\.\d+"));
        Assert.That(ChildProcess.Run(IsodProcess.Binary, "--help"), Does.Contain("--check-config"));
    }
}
