using Kimchi.Isod.Fixtures;
using Kimchi.Isod.Fixtures.Wire;

namespace Kimchi.Isod.Integration.Tests.Faults;

/// <summary>A mirror that sends another file of a trusted list, and names it: the one who is checked has no say in the check.</summary>
public sealed class ListEntryTests : FaultTest
{
    private const string Wanted = "debian-12.iso";
    private const string Sent = "debian-9.iso";

    [Test]
    public async Task Name_in_content_disposition_does_not_choose_the_entry([Values] bool isNameGiven)
    {
        var daemon = await StartQuickAsync();
        await using var server = new WireServer(e => AnswerAsync(e, () => e.ServeAsync(Other, $"Content-Disposition: attachment; filename={Sent}")));

        await AssertMismatchAsync(daemon, server, isNameGiven);
    }

    [Test]
    public async Task Name_that_a_redirect_leads_to_does_not_choose_the_entry([Values] bool isNameGiven)
    {
        var daemon = await StartQuickAsync();
        await using var server = new WireServer(e => AnswerAsync(e, () => e.Request.Target == $"/{Sent}"
            ? e.ServeAsync(Other)
            : e.WriteHeadAsync("302 Found", $"Location: /{Sent}", "Content-Length: 0")));

        await AssertMismatchAsync(daemon, server, isNameGiven);
    }

    [Test]
    public async Task Name_that_only_the_server_gives_chooses_none()
    {
        var daemon = await StartQuickAsync();
        await using var server = new WireServer(e => AnswerAsync(e, () => e.ServeAsync(Other, $"Content-Disposition: attachment; filename={Sent}")));

        var reply = await daemon.Client.CallAsync("", Body(server, "latest", null));

        AssertError(reply, 400, "KCHDL0008E");
        Assert.That(reply.Text("reason"), Does.Contain("no entry for"));
    }

    // Without a name the volume's is whatever the server says; the entry stays that of the URL.
    private static async Task AssertMismatchAsync(IsodProcess daemon, WireServer server, bool isNameGiven)
    {
        var reply = await daemon.Client.CallAsync("", Body(server, Wanted, isNameGiven ? NewName() : null));
        var name = reply.Text("name");

        var status = await daemon.Client.WaitForAsync(name, s => s.Id is not null);

        Assert.That(status.Text("reason"), Does.Contain($"expected {Checksum(Content)}").And.Contain($"found {Checksum(Other)}"));
        Assert.That(File.Exists(InPool(name)), Is.False);
    }

    private static object Body(WireServer server, string path, string? name)
    {
        var (url, list) = (new Uri(server.Address, path).AbsoluteUri, new Uri(server.Address, "SHA256SUMS").AbsoluteUri);
        return name is null ? new { url, checksum_url = list } : new { url, name, checksum_url = list };
    }

    private static Task AnswerAsync(WireExchange exchange, Func<Task> answer) => exchange.Request.Target == "/SHA256SUMS"
        ? exchange.ServeAsync(System.Text.Encoding.ASCII.GetBytes($"{Digest(Content)}  {Wanted}\n{Digest(Other)}  {Sent}\n"))
        : answer();

    private static string Digest(byte[] content) => Checksum(content)["sha256:".Length..];
}
