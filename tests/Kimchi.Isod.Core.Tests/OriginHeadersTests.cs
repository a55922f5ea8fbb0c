using Kimchi.Isod.Core.Errors;
using Kimchi.Isod.Core.Remote;
using Kimchi.Isod.Core.Starting;
using Kimchi.Isod.Core.State;
using Kimchi.Isod.Core.Tests.Fakes;

namespace Kimchi.Isod.Core.Tests;

/// <summary>A user's own headers: which can be sent, where to, and how long they are kept.</summary>
public sealed class OriginHeadersTests
{
    private const string Secret = "s3cret-token";
    private static readonly RemoteUrl Origin = RemoteUrl.Parse(World.Url);

    [TestCase("Host")]
    [TestCase("host")]
    [TestCase("Range")]
    [TestCase("IF-RANGE")]
    [TestCase("Content-Length")]
    [TestCase("content-type")]
    [TestCase("Connection")]
    [TestCase("Accept-Encoding")]
    [TestCase("If-None-Match")]
    [TestCase("Transfer-Encoding")]
    [TestCase("Proxy-Authorization")]
    [TestCase("Expires")]
    [TestCase("")]
    [TestCase("X Y")]
    [TestCase("X:Y")]
    [TestCase(":authority")]
    [TestCase("Größe")]
    [TestCase("X\nY")]
    public void Name_that_cannot_be_sent_is_refused_without_the_value(string name) =>
        Assert.That(() => Read((name, Secret)), Refused($"headers: {Volumes.VolumeName.Quote(name)} cannot be sent"));

    [Test]
    public void User_agent_has_a_key_of_its_own() => Assert.That(() => Read(("user-agent", Secret)), Refused("network:user_agent"));

    [TestCase(Secret + "\r\nHost: evil")]
    [TestCase(Secret + "\n")]
    [TestCase(Secret + "\0")]
    [TestCase(Secret + "\u007f")]
    [TestCase(Secret + "é")]
    [TestCase(null)]
    public void Value_that_cannot_be_sent_is_refused_without_being_told(string? value) =>
        Assert.That(() => Read(("Authorization", value)), Refused("'Authorization' cannot be sent: its value"));

    [Test]
    public void Same_name_twice_is_refused() => Assert.That(() => Read(("X-Key", Secret), ("x-key", Secret)), Refused("'x-key' is there twice"));

    [Test]
    public void Too_many_and_too_long_ones_are_refused()
    {
        Assert.That(() => Read([.. Enumerable.Range(0, 33).Select(i => ($"X-{i}", (string?)Secret))]), Refused("at most 32"));
        Assert.That(() => Read(("X-Key", new string('x', 16_384))), Refused("16384 characters"));
        Assert.That(Read(("X-Key", new string('x', 16_379))), Is.Not.Null);
    }

    [TestCase("ftp://host/a.iso")]
    [TestCase("ftps://host/a.iso")]
    public void Ftp_has_none(string url) =>
        Assert.That(() => OriginHeaders.Read(RemoteUrl.Parse(url), Given(("X-Key", Secret))), Refused("for http and https URLs"));

    [TestCase("https://host/other?x", true)]
    [TestCase("https://HOST:443/", true)]
    [TestCase("http://host/path/image.iso", false)]
    [TestCase("https://host:8443/path/image.iso", false)]
    [TestCase("https://www.host/path/image.iso", false)]
    [TestCase("https://host.evil/path/image.iso", false)]
    [TestCase("https://host./path/image.iso", false)]
    [TestCase("ftps://host/path/image.iso", false)]
    public void They_are_for_their_server_alone(string url, bool areFor) =>
        Assert.That(Read(("X-Key", Secret))!.AreFor(RemoteUrl.Parse(url)), Is.EqualTo(areFor));

    [Test]
    public void Text_form_and_echoes_tell_no_value()
    {
        var headers = Read(("Authorization", "Bearer " + Secret), ("Cookie", $"a=1; session={Secret}"))!;

        Assert.That($"{headers} {new RemoteRequest(Origin, null) { Headers = headers }}", Does.Not.Contain(Secret));
        Assert.That(headers.Mask($"Bad Token {Secret.ToUpperInvariant()} Found"), Is.EqualTo("Bad Token … Found"));
    }

    [Test]
    public async Task They_go_with_every_request_of_the_download_and_end_with_it()
    {
        var world = new World(500_000);
        const string List = "https://other/SHA256SUMS";
        world.Source.Elsewhere[List] = (System.Text.Encoding.ASCII.GetBytes(
            Convert.ToHexStringLower(System.Security.Cryptography.SHA256.HashData(world.Content)) + "  image.iso\n"), (string?)null);
        var gate = new Gate(200_000);
        world.Source.BeforeRead = gate.PassAsync;
        await world.Commands.StartAsync(Request() with { ChecksumUrl = List }, CancellationToken.None);
        await gate.Reached;
        await world.PauseAsync();
        Assert.That(world.Store.FindNewest(new("ISO", "a.iso"))!.Headers!.Find("x-key"), Is.EqualTo(Secret));
        gate.Open();
        await world.ResumeAsync();

        Assert.That((await world.WaitForAsync(DownloadState.Completed)).Headers, Is.Null);
        Assert.That(world.Source.Requests, Has.Count.GreaterThanOrEqualTo(3), "the file, the list, the rest");
        Assert.That(world.Source.Requests.Select(r => r.Headers?.Origin), Is.All.EqualTo("https://host"), "whoever sends them knows where to");
    }

    [Test]
    public async Task Probe_sends_them()
    {
        var world = new World(500_000);

        await world.Commands.ProbeAsync(Request(), CancellationToken.None);

        Assert.That(world.Source.Requests[0].Headers!.Has("X-Key"));
    }

    [Test]
    public void Authorization_and_a_user_name_exclude_each_other()
    {
        var request = Request() with { Headers = Given(("authorization", Secret)), Credentials = new Credentials("u", "p") };

        Assert.That(() => new World(1000).Commands.StartAsync(request, CancellationToken.None), Refused("exclude each other"));
    }

    private static StartRequest Request() => new("ISO", World.Url, "a.iso", null) { Headers = Given(("X-Key", Secret)) };

    private static Dictionary<string, string?> Given(params (string Name, string? Value)[] headers) => headers.ToDictionary(h => h.Name, h => h.Value);

    private static OriginHeaders? Read(params (string Name, string? Value)[] headers) =>
        OriginHeaders.Read(Origin, headers.Select(h => new KeyValuePair<string, string?>(h.Name, h.Value)));

    private static NUnit.Framework.Constraints.IResolveConstraint Refused(string words) => Throws.TypeOf<DownloadException>()
        .With.Property("Kind").EqualTo(DownloadErrorKind.FieldInvalid).And.Message.Contains(words).And.Message.Not.Contains(Secret);
}
