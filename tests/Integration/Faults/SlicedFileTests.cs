using Kimchi.Isod.Fixtures.Wire;

namespace Kimchi.Isod.Integration.Tests.Faults;

/// <summary>Servers that send no more than a slice at once, as RFC 9110, 15.3.7 lets them.</summary>
public sealed class SlicedFileTests : FaultTest
{
    private const int Slice = 700_000;

    [Test]
    public async Task Slices_of_a_file_whose_size_is_told_follow_each_other_at_once()
    {
        var daemon = await StartQuickAsync();
        await using var server = new WireServer(e => SliceAsync(e, $"{Content.Length}"));

        await CompleteAsync(daemon, server, Content);

        Assert.That(server.Requests.Select(r => r.RangeStart), Is.EqualTo(Asked()));
        Assert.That(daemon.Log, Does.Not.Contain("trying again"));
    }

    [Test]
    public async Task Slices_of_a_file_whose_size_is_not_told_end_where_a_416_says()
    {
        var daemon = await StartQuickAsync();
        await using var server = new WireServer(e => e.Request.RangeStart >= Content.Length
            ? e.WriteHeadAsync("416 Range Not Satisfiable", $"Content-Range: bytes */{Content.Length}", "Content-Length: 0")
            : SliceAsync(e, "*"));

        await CompleteAsync(daemon, server, Content);

        Assert.That(server.Requests.Select(r => r.RangeStart), Is.EqualTo(Asked(Content.Length)));
        Assert.That(daemon.Log, Does.Not.Contain("trying again"));
    }

    [Test]
    public async Task Slice_whose_successor_is_of_another_version_is_never_joined_with_it()
    {
        var daemon = await StartQuickAsync();
        await using var server = new WireServer(e =>
            e.Request.Number < 3 ? SliceAsync(e, $"{Content.Length}") : e.ServeAsync(Other, "ETag: \"2\""));

        await CompleteAsync(daemon, server, Other);
    }

    [Test]
    public async Task Rest_that_comes_in_slices_after_a_break_is_one_rest()
    {
        var daemon = await StartQuickAsync();
        await using var server = new WireServer(Dropping(e => SliceAsync(e, $"{Content.Length}")));

        await CompleteAsync(daemon, server, Content);

        Assert.That(server.Requests.Select(r => r.RangeStart), Is.EqualTo(new long?[] { null, Middle, Middle + Slice, Middle + (2 * Slice) }));
    }

    [Test]
    public async Task Slices_that_nothing_proves_to_be_of_one_file_fail_with_what_would_help_and_a_checksum_does()
    {
        var daemon = await StartQuickAsync(("downloads:retries", "1"));
        await using var server = new WireServer(e => SliceAsync(e, $"{Content.Length}", "X-No: validator"));
        var name = await DownloadAsync(daemon, server.Address);

        var status = await daemon.Client.WaitForAsync(name, reply => reply.Id == "KCHDL0007E");

        Assert.That(status.Body, Does.Contain($"after {Slice} of {Content.Length} bytes").And.Contains("of the same file").And.Contains("give a checksum"));
        await CompleteAsync(daemon, await DownloadAsync(daemon, server.Address, Checksum(Content)), Content);
    }

    // The whole first, then each slice but the first.
    private static long?[] Asked(params long?[] last) =>
        [null, .. Enumerable.Range(1, (Content.Length - 1) / Slice).Select(i => (long?)(i * Slice)), .. last];

    private static async Task SliceAsync(WireExchange exchange, string total, string header = Tag)
    {
        var start = (int)(exchange.Request.RangeStart ?? 0);
        var end = Math.Min(start + Slice, Content.Length);
        await exchange.WriteHeadAsync("206 Partial Content", $"Content-Range: bytes {start}-{end - 1}/{total}", $"Content-Length: {end - start}", header);
        await exchange.WriteAsync(Content.AsMemory(start..end));
    }
}
