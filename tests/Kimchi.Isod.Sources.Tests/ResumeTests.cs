using Kimchi.Isod.Core.Errors;
using Kimchi.Isod.Core.Remote;
using Kimchi.Isod.Fixtures;

namespace Kimchi.Isod.Sources.Tests;

/// <summary>Going on in the middle: two versions are never mixed, and no wrong bytes are taken for right ones.</summary>
public sealed class ResumeTests : SourceTest
{
    private const int Offset = 40_000;
    private static readonly Validator Tagged = new("\"v1\"", null, Content.Length);
    private static readonly Validator Dated = new(null, new DateTimeOffset(2026, 11, 24, 10, 0, 0, TimeSpan.Zero), Content.Length);

    [Test]
    public async Task Unchanged_file_goes_on_at_the_byte()
    {
        await using var server = new ScriptedHttpServer(e => e.ServeAsync(Content, "ETag: \"v1\""));

        var file = await OpenAsync(server, offset: Offset, expected: Tagged);

        Assert.That(file.Offset, Is.EqualTo(Offset));
        Assert.That(await ReadAllAsync(file), Is.EqualTo(Content[Offset..]));
        Assert.That(server.Requests.Single().Header("If-Range"), Is.EqualTo("\"v1\""));
    }

    [Test]
    public async Task File_with_a_date_only_goes_on_without_if_range()
    {
        await using var server = new ScriptedHttpServer(e => e.ServeAsync(Content, "Last-Modified: Tue, 24 Nov 2026 10:00:00 GMT"));

        var file = await OpenAsync(server, offset: Offset, expected: Dated);

        Assert.That(file.Offset, Is.EqualTo(Offset));
        Assert.That(server.Requests.Single().Headers, Does.Not.ContainKey("If-Range"));
    }

    [TestCase("ETag: \"v2\"")]
    [TestCase("Last-Modified: Tue, 24 Nov 2026 10:00:01 GMT")]
    public async Task File_that_changed_is_opened_at_its_first_byte(string validator)
    {
        await using var server = new ScriptedHttpServer(e => e.ServeAsync(Content, validator));
        var expected = validator.StartsWith('E') ? Tagged : Dated;

        var file = await OpenAsync(server, offset: Offset, expected: expected);

        Assert.That(file.Offset, Is.Zero);
        Assert.That(await ReadAllAsync(file), Is.EqualTo(Content));
    }

    [Test]
    public async Task File_of_another_length_is_opened_at_its_first_byte()
    {
        await using var server = new ScriptedHttpServer(e => e.ServeAsync(Content, "ETag: \"v1\""));

        var file = await OpenAsync(server, offset: Offset, expected: Tagged with { Size = Content.Length + 1 });

        Assert.That(file.Offset, Is.Zero);
    }

    [Test]
    public async Task Network_that_answers_200_to_a_right_if_range_is_asked_without_it()
    {
        await using var server = new ScriptedHttpServer(async e =>
        {
            if (e.Request.Headers.ContainsKey("If-Range"))
            {
                await e.WriteHeadAsync("200 OK", "ETag: \"v1\"", $"Content-Length: {Content.Length}");
                await e.WriteAsync(Content);
            }
            else
            {
                await e.ServeAsync(Content, "ETag: \"v1\"");
            }
        });

        var file = await OpenAsync(server, offset: Offset, expected: Tagged);

        Assert.That(file.Offset, Is.EqualTo(Offset));
        Assert.That(await ReadAllAsync(file), Is.EqualTo(Content[Offset..]));
    }

    [Test]
    public async Task Server_that_ignores_the_range_gives_the_file_from_its_first_byte()
    {
        await using var server = new ScriptedHttpServer(async e =>
        {
            await e.WriteHeadAsync("200 OK", $"Content-Length: {Content.Length}");
            await e.WriteAsync(Content);
        });

        var file = await OpenAsync(server, offset: Offset, expected: new Validator(null, null, Content.Length));

        Assert.That(file.Offset, Is.Zero);
        Assert.That(await ReadAllAsync(file), Is.EqualTo(Content));
    }

    [TestCase("416 Range Not Satisfiable")]
    [TestCase("412 Precondition Failed")]
    public async Task Range_that_is_gone_means_a_new_beginning(string status)
    {
        await using var server = new ScriptedHttpServer(e =>
            e.Request.RangeStart == Offset ? e.WriteHeadAsync(status, "Content-Length: 0") : e.ServeAsync(Content.AsMemory(0, 50_000)));

        var file = await OpenAsync(server, offset: Offset, expected: Tagged);

        Assert.That((file.Offset, file.Info.Size), Is.EqualTo((0, 50_000)));
    }

    [TestCase("Content-Range: bytes 39999-99999/100000")]
    [TestCase("Content-Range: bytes 40000-50000/100000")]
    [TestCase("Content-Range: lines 40000-99999/100000")]
    [TestCase("Content-Type: multipart/byteranges; boundary=x")]
    public async Task Partial_reply_that_is_not_what_was_asked_for_is_no_data(string header)
    {
        await using var server = new ScriptedHttpServer(e =>
            e.WriteHeadAsync("206 Partial Content", header, "ETag: \"v1\"", "Content-Length: 60000"));

        var failure = Refused(() => OpenAsync(server, offset: Offset, expected: new Validator("\"v1\"", null, null)));

        Assert.That((failure.Kind, failure.IsTransient), Is.EqualTo((DownloadErrorKind.RemoteUnreadable, true)));
    }
}
