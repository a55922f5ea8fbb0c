using System.Globalization;
using Kimchi.Isod.Fixtures;
using Kimchi.Isod.Fixtures.Wire;

namespace Kimchi.Isod.Integration.Tests.Faults;

/// <summary>A 200 in answer to the request for the rest, which contradicts itself or what the server said before.</summary>
public sealed class ContradictionTests : FaultTest
{
    private const string Weak = "ETag: W/\"1\"";
    private static readonly long?[] TwiceThenWhole = [null, Middle, Middle, null];

    private static IEnumerable<TestCaseData> Contradictions()
    {
        var rest = (Content.Length - Middle).ToString(CultureInfo.InvariantCulture);
        yield return Case("the rest, with its Content-Range", $"Content-Length: {rest}", $"Content-Range: bytes {Middle}-{Content.Length - 1}/{Content.Length}", Tag);
        yield return Case("the rest, with the same tag", $"Content-Length: {rest}", Tag);
        yield return Case("the rest, with no tag", $"Content-Length: {rest}");
        yield return Case("another size, with the same tag", "Content-Length: 1000000", Tag);

        static TestCaseData Case(string name, params string[] headers) => new TestCaseData((object)headers).SetArgDisplayNames(name);
    }

    [TestCaseSource(nameof(Contradictions))]
    public async Task What_is_stored_stays_and_the_image_ends_right(string[] headers)
    {
        var daemon = await StartQuickAsync();
        await using var server = new WireServer(Answering(headers, Tag));

        await CompleteAsync(daemon, server, Content);

        Assert.That(server.Requests.Select(r => r.RangeStart), Is.EqualTo(TwiceThenWhole));
        Assert.That(daemon.Log, Does.Not.Contain("starting again from the first byte"), "what was stored is taken away from the whole");
    }

    [TestCaseSource(nameof(Contradictions))]
    public async Task What_is_stored_stays_where_a_checksum_judges_too(string[] headers)
    {
        var daemon = await StartQuickAsync();
        await using var server = new WireServer(Answering(headers, Tag));

        await AssertKeptAsync(daemon, server);
    }

    [Test]
    public async Task What_is_stored_stays_where_only_a_checksum_judges()
    {
        var daemon = await StartQuickAsync();
        await using var server = new WireServer(Answering([$"Content-Length: {Content.Length - Middle}", Weak], Weak));

        await AssertKeptAsync(daemon, server);
    }

    private static async Task AssertKeptAsync(IsodProcess daemon, WireServer server)
    {
        var name = await DownloadAsync(daemon, server.Address, Checksum(Content));

        await CompleteAsync(daemon, name, Content);
        Assert.That(server.Requests.Select(r => r.RangeStart), Is.EqualTo(TwiceThenWhole));
        Assert.That(daemon.Log, Does.Not.Contain("starting again from the first byte"));
    }

    // Every request for the rest is answered wrong, every one for the whole right.
    private static WireScript Answering(string[] headers, string tag) => Dropping(
        async e =>
        {
            if (e.Request.RangeStart is null)
            {
                await e.ServeAsync(Content, tag);
                return;
            }

            await e.WriteHeadAsync("200 OK", headers);
            await e.WriteAsync(Content.AsMemory(Middle));
            e.Close();
        },
        tag);
}
