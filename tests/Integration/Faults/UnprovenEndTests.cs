using System.Net.Security;
using Kimchi.Isod.Fixtures;
using Kimchi.Isod.Fixtures.Wire;

namespace Kimchi.Isod.Integration.Tests.Faults;

/// <summary>Servers that tell neither a length nor chunks: the end of the connection is the file's only where something says so.</summary>
public sealed class UnprovenEndTests : FaultTest
{
    private const int Size = 2 << 20;

    private static byte[] Image { get; } = IsoImage.Make(Size, Size);

    [Test]
    public async Task Close_notify_ends_the_file()
    {
        var daemon = await StartQuickAsync(("network:insecure_tls", "true"));
        using var certificate = Servers.Authority.Issue();
        await using var server = new WireServer(e => SendOverTlsAsync(e, closesTls: true), certificate);

        await CompleteAsync(daemon, server, Content);

        Assert.That(server.Requests, Has.Count.EqualTo(1));
    }

    [Test]
    public async Task Tls_that_ends_without_close_notify_is_no_end()
    {
        var daemon = await StartQuickAsync(("network:insecure_tls", "true"));
        using var certificate = Servers.Authority.Issue();
        await using var server = new WireServer(e => SendOverTlsAsync(e, closesTls: false), certificate);

        await AssertRefusedAsync(daemon, server);
    }

    [Test]
    public async Task Plain_text_proves_no_end()
    {
        var daemon = await StartQuickAsync();
        await using var server = new WireServer(e => SendAsync(e, Content));

        await AssertRefusedAsync(daemon, server);
    }

    [Test]
    public async Task Plain_text_ends_the_file_where_the_administrator_says_so()
    {
        var daemon = await StartQuickAsync(("downloads:unproven_end", "accept"));
        await using var server = new WireServer(e => SendAsync(e, Content));

        await CompleteAsync(daemon, server, Content);
    }

    [Test]
    public async Task Checksum_proves_the_end_and_what_is_cut_off_is_fetched_again()
    {
        var daemon = await StartQuickAsync();
        await using var server = new WireServer(e => SendAsync(e, e.Request.Number == 1 ? Content[..Middle] : Content));

        var name = await DownloadAsync(daemon, server.Address, Checksum(Content));

        await CompleteAsync(daemon, name, Content);
        Assert.That(server.Requests.Select(r => r.RangeStart), Is.EqualTo(new long?[] { null, null }));
    }

    [Test]
    public async Task Size_in_the_images_descriptor_proves_the_end()
    {
        var daemon = await StartQuickAsync();
        await using var server = new WireServer(e => SendAsync(e, Image));

        await CompleteAsync(daemon, server, Image);
    }

    [Test]
    public async Task Image_that_is_cut_off_before_the_size_in_its_descriptor_is_fetched_again()
    {
        var daemon = await StartQuickAsync();
        await using var server = new WireServer(e => SendAsync(e, e.Request.Number == 1 ? Image[..^2048] : Image));

        await CompleteAsync(daemon, server, Image);

        await daemon.WaitForLogAsync($"ended at byte {Size - 2048} of {Size} that the image's ISO 9660 descriptor tells");
    }

    [Test]
    public async Task Image_that_is_longer_than_its_descriptor_says_is_unproven()
    {
        var daemon = await StartQuickAsync();
        await using var server = new WireServer(e => SendAsync(e, IsoImage.Make(Size, Size - 2048)));

        await AssertRefusedAsync(daemon, server);
    }

    private static async Task AssertRefusedAsync(IsodProcess daemon, WireServer server)
    {
        var name = await DownloadAsync(daemon, server.Address);

        var status = await daemon.Client.WaitForAsync(name, s => s.Id is not null);

        Assert.That(status.Id, Is.EqualTo("KCHDL0007E"));
        Assert.That(status.Text("reason"), Does.Contain("KCHDL0016E: nothing ").And.Contain("the end of the file").And.Contain("checksum").And.Contain("downloads:unproven_end = accept"));
        var stored = await File.ReadAllBytesAsync(InPool(name));
        Assert.That(VolumeStart.IsToken(stored.AsSpan(0, Math.Min(stored.Length, 64 * 1024))), "its head is not published");
    }

    private static async Task SendAsync(WireExchange exchange, byte[] content)
    {
        await exchange.WriteHeadAsync("200 OK", "Connection: close");
        await exchange.WriteAsync(content);
        exchange.Close();
    }

    private static async Task SendOverTlsAsync(WireExchange exchange, bool closesTls)
    {
        await exchange.WriteHeadAsync("200 OK", "Connection: close");
        await exchange.WriteAsync(Content);
        if (closesTls) await ((SslStream)exchange.Stream).ShutdownAsync();
        exchange.EndSending();
        exchange.Close();
    }
}
