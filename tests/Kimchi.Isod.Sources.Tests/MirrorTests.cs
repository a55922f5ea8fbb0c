using Kimchi.Isod.Core.Remote;
using Kimchi.Isod.Fixtures.Wire;

namespace Kimchi.Isod.Sources.Tests;

/// <summary>Mirrors behind one name: each has a tag of its own for what it says is the same file.</summary>
public sealed class MirrorTests
{
    private const int Middle = 40_000;
    private const string Date = "Last-Modified: Tue, 03 Nov 2026 10:00:00 GMT";
    private static readonly byte[] Other = [.. Http.Content.Select(b => (byte)~b)];
    private static readonly Validator Expected =
        new("\"1\"", new DateTimeOffset(2026, 11, 3, 10, 0, 0, TimeSpan.Zero), Http.Content.Length, IsDateStrong: true);

    [Test]
    public async Task Right_mirror_is_asked_for_until_it_answers([Values(1, 2, 5)] int right, [Values] bool isConditionHeard)
    {
        await using var http = new Http(e => AnswerAsync(e, e.Request.Number == right, isConditionHeard));

        await using var file = await http.OpenAsync(http.Request(Middle, Expected));

        Assert.That(file.SourceOffset, Is.EqualTo(Middle));
        Assert.That(await Http.ReadAllAsync(file), Is.EqualTo(Http.Content[Middle..]));
        Assert.That(http.Server.ConnectionCount, Is.EqualTo(right), "a load balancer chooses anew for a new connection");
    }

    [Test]
    public async Task File_begins_again_where_the_right_mirror_is_not_found([Values] bool isConditionHeard)
    {
        await using var http = new Http(e => AnswerAsync(e, isRight: false, isConditionHeard));

        await using var file = await http.OpenAsync(http.Request(Middle, Expected));

        Assert.That(file.SourceOffset, Is.Zero);
        Assert.That(await Http.ReadAllAsync(file), Is.EqualTo(Other));
        Assert.That(http.Server.Requests.Count(r => r.RangeStart == Middle), Is.EqualTo(5));
    }

    [TestCase("Last-Modified: Tue, 03 Nov 2026 10:00:01 GMT")]
    [TestCase("X-Nothing: 0")]
    public async Task Other_date_or_none_is_another_version_and_no_other_mirror(string date)
    {
        await using var http = new Http(e => e.ServeAsync(Other, "ETag: \"2\"", date));

        await using var file = await http.OpenAsync(http.Request(Middle, Expected));

        Assert.That(file.SourceOffset, Is.Zero);
        Assert.That(http.Server.Requests.Count(r => r.RangeStart == Middle), Is.EqualTo(1));
    }

    private static async Task AnswerAsync(WireExchange exchange, bool isRight, bool isConditionHeard)
    {
        var (content, tag) = isRight ? (Http.Content, "ETag: \"1\"") : (Other, "ETag: \"2\"");
        if (isRight || !isConditionHeard)
        {
            await exchange.ServeAsync(content, tag, Date);
            return;
        }

        await exchange.WriteHeadAsync("200 OK", $"Content-Length: {content.Length}", tag, Date);
        await exchange.WriteAsync(content);
    }
}
