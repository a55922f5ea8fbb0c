using Kimchi.Isod.Core.Errors;
using Kimchi.Isod.Core.Remote;
using Kimchi.Isod.Core.Starting;
using Kimchi.Isod.Core.State;
using Kimchi.Isod.Core.Tests.Fakes;

namespace Kimchi.Isod.Core.Tests;

/// <summary>A start whose file is at several places.</summary>
public sealed class MirrorStartTests
{
    private const string One = "https://one/image.iso";
    private const string Two = "ftp://two/dir/image.iso";

    private static readonly DownloadException NotFound = new(DownloadErrorKind.RemoteUnreadable, "404");

    [Test]
    public async Task Mirrors_and_connections_are_in_the_record()
    {
        var world = new World(500_000);

        var record = await world.Commands.StartAsync(Request() with { Mirrors = [One, Two, One, World.Url], Connections = 16 }, CancellationToken.None);

        Assert.That(record.Url.ToString(), Is.EqualTo(World.Url));
        Assert.That(record.Mirrors.Select(m => m.Url.ToString()), Is.EqualTo(new[] { One, Two }), "each once, and not the URL itself");
        Assert.That(record.Connections, Is.EqualTo(16));
        await world.WaitForAsync(DownloadState.Completed);
        Assert.That(world.Source.Requests.Select(r => r.Url.ToString()), Is.All.EqualTo(World.Url), "a mirror is not asked while the URL gives the file");
    }

    [Test]
    public async Task Start_begins_at_the_first_mirror_that_has_the_file()
    {
        var world = new World(500_000);
        world.Source.Elsewhere[World.Url] = NotFound;
        world.Source.Elsewhere[One] = new DownloadException(DownloadErrorKind.NotAnImage, "a web page");

        var record = await world.Commands.StartAsync(Request() with { Mirrors = [One, Two] }, CancellationToken.None);

        Assert.That(record.Url.ToString(), Is.EqualTo(Two));
        Assert.That(record.Mirrors.Select(m => m.Url.ToString()), Is.EqualTo(new[] { World.Url, One }), "they may have it later");
        var ended = await world.WaitForAsync(DownloadState.Completed);
        Assert.That(
            ended.Outcomes,
            Is.EqualTo(new[] { new SourceOutcome(500_000, SourceStanding.Good, null), new(0, SourceStanding.Good, "404"), new(0, SourceStanding.Good, "a web page") }),
            "why they were not taken is kept");
    }

    [Test]
    public void Start_fails_where_no_place_has_the_file()
    {
        var world = new World(500_000);
        foreach (var url in new[] { World.Url, One, Two }) world.Source.Elsewhere[url] = NotFound;

        Assert.That(
            () => world.Commands.StartAsync(Request() with { Mirrors = [One, Two] }, CancellationToken.None),
            Throws.TypeOf<DownloadException>().With.Property("Kind").EqualTo(DownloadErrorKind.RemoteUnreadable));
        Assert.That(world.Source.OpenFiles, Is.Zero);
        Assert.That(world.Scheduler.IsAtRest);
    }

    [Test]
    public async Task Credentials_go_to_the_server_of_the_URL_and_to_mirrors_that_bring_their_own()
    {
        var world = new World(500_000);
        world.Source.Elsewhere[World.Url] = NotFound;

        var record = await world.Commands.StartAsync(
            Request() with { Credentials = new Credentials("user", "pass"), Mirrors = ["https://other/a.iso", "https://host/b.iso", "https://me:mine@third/c.iso"] },
            CancellationToken.None);

        Assert.That(record.Credentials, Is.Null);
        var logins = record.Mirrors.ToDictionary(m => m.Url.ToString(), m => m.Url.Credentials);
        Assert.That(logins[World.Url], Is.EqualTo(new Credentials("user", "pass")));
        Assert.That(logins["https://host/b.iso"], Is.EqualTo(new Credentials("user", "pass")));
        Assert.That(logins["https://third/c.iso"], Is.EqualTo(new Credentials("me", "mine")));
        Assert.That(world.Source.Requests.Select(r => (r.Url.ToString(), r.Credentials)), Is.EqualTo(new[]
        {
            (World.Url, new Credentials("user", "pass")), ("https://other/a.iso", null),
        }));
    }

    private static IEnumerable<TestCaseData> Unusable()
    {
        yield return new TestCaseData(Request() with { Connections = 0 }, DownloadErrorKind.FieldInvalid, "the field 'connections' is 0: give a number from 1 to 16");
        yield return new TestCaseData(Request() with { Connections = 17 }, DownloadErrorKind.FieldInvalid, "the field 'connections' is 17");
        yield return new TestCaseData(Request() with { Connections = -1 }, DownloadErrorKind.FieldInvalid, "the field 'connections' is -1");
        yield return new TestCaseData(
            Request() with { Mirrors = [.. Enumerable.Repeat(One, 17)] }, DownloadErrorKind.FieldInvalid, "the field 'mirrors' has 17 URLs: give at most 16");
        yield return new TestCaseData(Request() with { Mirrors = [One, "rsync://host/a.iso"] }, DownloadErrorKind.UrlInvalid, "mirrors[1]: the URL cannot be used");
        yield return new TestCaseData(Request() with { Mirrors = [null] }, DownloadErrorKind.UrlInvalid, "mirrors[0]: the URL cannot be used");
        yield return new TestCaseData(Request() with { MetalinkUrl = "file:///etc/passwd" }, DownloadErrorKind.UrlInvalid, "metalink_url: the URL cannot be used");
        yield return new TestCaseData(
            Request() with { Url = "https://host/a.iso.meta4", MetalinkUrl = One }, DownloadErrorKind.FieldInvalid, "give one of them");
    }

    [TestCaseSource(nameof(Unusable))]
    public void Unusable_field_is_named_with_the_remedy_before_anything_is_asked(StartRequest request, DownloadErrorKind kind, string reason)
    {
        var world = new World(500_000);

        Assert.That(
            () => world.Commands.StartAsync(request, CancellationToken.None),
            Throws.TypeOf<DownloadException>().With.Property("Kind").EqualTo(kind).And.Message.Contains(reason));
        Assert.That(world.Source.Requests, Is.Empty);
    }

    private static StartRequest Request() => new("ISO", World.Url, "a.iso", null);
}
