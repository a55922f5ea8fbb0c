using System.Collections.Concurrent;
using Kimchi.Isod.Fixtures;
using Kimchi.Isod.Fixtures.Wire;

namespace Kimchi.Isod.Integration.Tests.Faults;

/// <summary>An https server that leads to addresses which expire, as those of GitHub and S3 do, while several connections fetch a file
/// (aria2's issue 2197).</summary>
[Parallelizable(ParallelScope.Self)]
public sealed class SignedUrlTests : PacedFaultTest
{
    [TestCase(false)]
    [TestCase(true)]
    public async Task Address_that_expires_is_asked_for_anew_and_the_download_has_several_connections(bool inTheMiddle)
    {
        using var directory = new TemporaryDirectory("authority");
        await File.WriteAllTextAsync(directory["ca.pem"], Servers.Authority.Pem);
        var daemon = await StartAsync(("log:level", "debug"), ("downloads:connections", "4"), ("network:ca_file", directory["ca.pem"]));
        using var certificate = Servers.Authority.Issue();
        var signer = new Signer(inTheMiddle);
        await using var server = new WireServer(signer.AnswerAsync, certificate);

        var name = await DownloadAsync(daemon, server.Address);
        await CompleteAsync(daemon, name, Long);

        Assert.That(signer.Signed, Is.GreaterThan(1), "the server was asked again where to go");
        Assert.That(signer.Refused, Is.Positive);
        var shown = await daemon.Client.SendAsync(HttpMethod.Get, $"{IsodClient.Downloads}/{name}");
        Assert.That(shown.Number("attempts"), Is.EqualTo(1), daemon.Log);
        Assert.That(server.Requests.Count(r => r.RangeEnd is not null), Is.GreaterThan(1));
        Assert.That(shown.Body + daemon.Log, Does.Not.Contain("s3cret"));
    }

    // Each address is good once; where it expires in the middle twice, and the connection that has it then breaks.
    private sealed class Signer(bool expiresInTheMiddle)
    {
        private readonly ConcurrentDictionary<string, int> _uses = new(StringComparer.Ordinal);
        private int _signed;
        private int _refused;
        private int _broken;

        public int Signed => _signed;

        public int Refused => _refused;

        public Task AnswerAsync(WireExchange e)
        {
            if (!e.Request.Target.StartsWith("/signed/", StringComparison.Ordinal))
            {
                var address = $"/signed/a.iso?X-Amz-Signature=s3cret{Interlocked.Increment(ref _signed)}";
                return e.WriteHeadAsync("302 Found", $"Location: {address}", "Content-Length: 0");
            }

            var use = _uses.AddOrUpdate(e.Request.Target, 1, (_, count) => count + 1);
            if (use == 1) return ServePacedAsync(e, Long, Tag);
            if (expiresInTheMiddle && use == 2 && Interlocked.Exchange(ref _broken, 1) == 0) return BreakAsync(e);
            Interlocked.Increment(ref _refused);
            return e.WriteHeadAsync("403 Forbidden", "Content-Type: application/xml", "Content-Length: 0");
        }

        private static async Task BreakAsync(WireExchange e)
        {
            await e.ServeUpToAsync(Long, (int)e.Request.RangeStart!.Value + 300_000, Tag);
            e.Reset();
        }
    }
}
