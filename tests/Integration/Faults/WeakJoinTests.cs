using Kimchi.Isod.Fixtures.Wire;

namespace Kimchi.Isod.Integration.Tests.Faults;

/// <summary>Parts that were joined on weak evidence because a checksum judges the whole.</summary>
public sealed class WeakJoinTests : FaultTest
{
    private const string Weak = "ETag: W/\"1\"";

    [Test]
    public async Task Mixture_that_the_checksum_finds_is_fetched_again_once_from_the_first_byte()
    {
        var daemon = await StartQuickAsync();
        await using var server = new WireServer(Dropping(e => e.ServeAsync(Other, Weak), Weak));

        var name = await DownloadAsync(daemon, server.Address, Checksum(Other));

        await CompleteAsync(daemon, name, Other);
        await daemon.WaitForLogAsync("its parts were joined on weak evidence");
        Assert.That(server.Requests.Select(r => r.RangeStart), Is.EqualTo(new long?[] { null, Middle, null }));
    }

    [Test]
    public async Task Mismatch_of_what_was_fetched_again_is_final()
    {
        var daemon = await StartQuickAsync();
        await using var server = new WireServer(Dropping(e => e.ServeAsync(Other, Weak), Weak));
        var right = $"sha256:{new string('0', 64)}";

        var name = await DownloadAsync(daemon, server.Address, right);

        var status = await daemon.Client.WaitForAsync(name, s => s.Id is not null);
        Assert.That(status.Text("reason"), Does.Contain($"expected {right}").And.Contain($"found {Checksum(Other)}"));
        Assert.That(server.Requests.Select(r => r.RangeStart), Is.EqualTo(new long?[] { null, Middle, null }));
        Assert.That(File.Exists(InPool(name)), Is.False);
    }

    [Test]
    public async Task Mismatch_after_parts_of_one_strong_version_is_final_at_once()
    {
        var daemon = await StartQuickAsync();
        await using var server = new WireServer(Dropping(e => e.ServeAsync(Content, Tag)));

        var name = await DownloadAsync(daemon, server.Address, Checksum(Other));

        await daemon.Client.WaitForAsync(name, s => s.Id is not null);
        Assert.That(server.Requests.Select(r => r.RangeStart), Is.EqualTo(new long?[] { null, Middle }));
    }
}
