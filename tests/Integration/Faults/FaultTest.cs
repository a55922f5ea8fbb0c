using System.Net;
using System.Security.Cryptography;
using Kimchi.Isod.Fixtures;
using Kimchi.Isod.Fixtures.Wire;

namespace Kimchi.Isod.Integration.Tests.Faults;

/// <summary>A test whose server does wrong in the middle of a file. Most of its time it waits for the next try.</summary>
[Parallelizable(ParallelScope.Self)]
public abstract class FaultTest : IsodTest
{
    /// <summary>The version of a file that does not change: without a strong one, a break leads back to the first byte.</summary>
    private protected const string Tag = "ETag: \"1\"";

    /// <summary>Where the first reply usually breaks off.</summary>
    private protected const int Middle = 2_500_000;

    /// <summary>The end of the last window that is full when <see cref="Middle"/> is reached.</summary>
    private protected const int Stored = Head + (2 << 20);

    private const int Head = 64 * 1024;

    /// <summary>The file that is served first.</summary>
    private protected static byte[] Content { get; } = Make(1);

    /// <summary>Another version of it, of the same length.</summary>
    private protected static byte[] Other { get; } = Make(2);

    /// <summary>Serves <see cref="Content"/>, whose first reply breaks off in the middle.</summary>
    /// <param name="then">Answers all requests but the first.</param>
    /// <param name="headers">More headers of the first reply; with none, <see cref="Tag"/>.</param>
    private protected static WireScript Dropping(WireScript then, params string[] headers) => async exchange =>
    {
        if (exchange.Request.Number > 1)
        {
            await then(exchange);
            return;
        }

        await exchange.ServeUpToAsync(Content, Middle, headers.Length > 0 ? headers : [Tag]);
        exchange.Close();
    };

    /// <summary>A daemon with small windows that does not wait long.</summary>
    private protected Task<IsodProcess> StartQuickAsync(params (string Key, string Value)[] settings) => StartAsync(Quick(settings));

    private protected static (string Key, string Value)[] Quick(params (string Key, string Value)[] settings) =>
        [("downloads:window_size", "1M"), ("downloads:retry_max_delay", "1s"), .. settings];

    /// <summary>Starts a download.</summary>
    /// <returns>Its name.</returns>
    private protected static async Task<string> DownloadAsync(IsodProcess daemon, Uri server, string? checksum = null)
    {
        var (url, name) = (new Uri(server, "a.iso").AbsoluteUri, NewName());
        var reply = await (checksum is null ? daemon.Client.StartAsync(url, name) : daemon.Client.CallAsync("", new { url, name, checksum }));
        Assert.That(reply.Status, Is.EqualTo(HttpStatusCode.OK), reply.Body);
        return name;
    }

    /// <summary>Starts a download and returns when the bytes before <see cref="Stored"/> are safe.</summary>
    private protected static async Task<string> DownloadToMiddleAsync(IsodProcess daemon, Uri server)
    {
        var name = await DownloadAsync(daemon, server);
        await daemon.Client.WaitForBytesAsync(name, Stored);
        return name;
    }

    /// <summary>Downloads to the end, and compares.</summary>
    private protected static async Task CompleteAsync(IsodProcess daemon, WireServer server, byte[] expected) =>
        await CompleteAsync(daemon, await DownloadAsync(daemon, server.Address), expected);

    private protected static async Task CompleteAsync(IsodProcess daemon, string name, byte[] expected)
    {
        await daemon.Client.WaitUntilCompletedAsync(name);
        var stored = await File.ReadAllBytesAsync(InPool(name));
        Assert.That(stored, Has.Length.EqualTo(expected.Length));
        Assert.That(stored.AsSpan().CommonPrefixLength(expected), Is.EqualTo(expected.Length), "the first different byte");
    }

    /// <summary>Waits until a download has failed; what it had is kept, and not published.</summary>
    /// <returns>Why it failed.</returns>
    private protected static async Task<string> FailAsync(IsodProcess daemon, string name, byte[] kept, int end)
    {
        var status = await daemon.Client.WaitForAsync(name, s => s.Id == "KCHDL0007E");
        var stored = await File.ReadAllBytesAsync(InPool(name));
        Assert.That(VolumeStart.IsToken(stored.AsSpan(0, Head)), "its head is not published");
        Assert.That(stored.AsSpan(Head, end - Head).CommonPrefixLength(kept.AsSpan(Head)), Is.EqualTo(end - Head), "what was stored is kept");
        return status.Text("reason");
    }

    /// <summary>In the RFC's terms a download that waits for its next try is downloading.</summary>
    private protected static async Task AssertDownloadingAsync(IsodProcess daemon, string name) =>
        Assert.That((await daemon.Client.StatusAsync(name)).Text("status"), Is.EqualTo("downloading"));

    private protected static string Checksum(byte[] content) => $"sha256:{Convert.ToHexStringLower(SHA256.HashData(content))}";

    private static byte[] Make(int seed)
    {
        var content = new byte[4_000_000];
        new Random(seed).NextBytes(content);
        return content;
    }
}
