using System.Security.Cryptography;
using System.Text;
using Kimchi.Isod.Core.Errors;
using Kimchi.Isod.Core.Options;
using Kimchi.Isod.Core.Signatures;
using Kimchi.Isod.Core.Starting;
using Kimchi.Isod.Core.State;
using Kimchi.Isod.Core.Tests.Fakes;

namespace Kimchi.Isod.Core.Tests.Signatures;

/// <summary>Starts whose list of checksums must be signed.</summary>
public sealed class SignedListTests
{
    private const string ListUrl = "https://host/path/SHA256SUMS?token=s3cret";
    private const string SignatureUrl = "https://host/path/SHA256SUMS.gpg";

    private World _world = null!;

    private static StartRequest Request => new("ISO", World.Url, "a.iso", null, ChecksumUrl: ListUrl) { Keyring = "team.gpg" };

    private string List => $"{Convert.ToHexStringLower(SHA256.HashData(_world.Content))}  image.iso\n";

    [SetUp]
    public void MakeWorld() => _world = new World(300_000);

    [Test]
    public async Task List_with_a_detached_signature_is_read_and_what_it_proves_is_recorded()
    {
        Serve(ListUrl, List);
        Serve(SignatureUrl, FakeVerifier.Sign(Encoding.ASCII.GetBytes(List)));

        await _world.Commands.StartAsync(Request with { SignatureUrl = SignatureUrl, Fingerprint = "aaaa " + new string('a', 36) }, CancellationToken.None);
        var record = await _world.WaitForAsync(DownloadState.Completed);

        Assert.That(_world.Signatures.Demands, Is.EqualTo(new[] { new SignatureDemand("team.gpg", new string('A', 40)) }));
        Assert.That(record.Proof, Is.EqualTo(FakeVerifier.Proof with { ListUrl = "https://host/path/SHA256SUMS?…" }));
        Assert.That(record.ChecksumList, Is.EqualTo("https://host/path/SHA256SUMS?…"));
        Assert.That(_world.Pools["a.iso"].Bytes, Is.EqualTo(_world.Content));
    }

    [Test]
    public async Task Of_a_clear_signed_list_only_the_signed_text_is_read()
    {
        var forged = $"{new string('0', 64)}  image.iso";
        Serve(ListUrl, [.. FakeVerifier.Sign(Encoding.ASCII.GetBytes(List)), (byte)'\n', .. Encoding.ASCII.GetBytes(List)]);
        await _world.Commands.StartAsync(Request, CancellationToken.None);
        await _world.WaitForAsync(DownloadState.Completed);

        Serve(ListUrl, [.. Encoding.ASCII.GetBytes(forged), (byte)'\n', .. Encoding.ASCII.GetBytes(List)]);
        var failure = await FailAsync(Request with { Name = "b.iso" });

        Assert.That(failure.Message, Does.StartWith("checksum_url: no signature is good"));
        Assert.That(failure.Message, Does.Not.Contain("s3cret"));
    }

    [Test]
    public async Task List_that_is_not_signed_as_it_must_be_is_refused_before_the_image_is_asked_for()
    {
        Serve(ListUrl, List);
        Serve(SignatureUrl, FakeVerifier.Sign("something else"u8));

        var failure = await FailAsync(Request with { SignatureUrl = SignatureUrl });

        Assert.That(failure.Kind, Is.EqualTo(DownloadErrorKind.SignatureInvalid));
        Assert.That(failure.Message, Does.StartWith("signature_url: no signature is good"));
        Assert.That(_world.Source.OpenedAt, Is.Empty, "not a byte of it");
        Assert.That(_world.Pools.Has("a.iso"), Is.False);
        Assert.That(_world.Scheduler.IsAtRest);
    }

    [Test]
    public async Task Signature_that_cannot_be_had_or_is_too_long_is_an_error_at_the_start()
    {
        Serve(ListUrl, List);
        _world.Source.Elsewhere[SignatureUrl] = new DownloadException(DownloadErrorKind.RemoteUnreadable, "404");
        Assert.That((await FailAsync(Request with { SignatureUrl = SignatureUrl })).Kind, Is.EqualTo(DownloadErrorKind.RemoteUnreadable));

        Serve(SignatureUrl, new byte[64 * 1024 + 1]);
        var failure = await FailAsync(Request with { SignatureUrl = SignatureUrl });

        Assert.That(failure.Kind, Is.EqualTo(DownloadErrorKind.SignatureInvalid));
        Assert.That(failure.Message, Does.Contain("65536 bytes"));
    }

    [Test]
    public async Task Signed_list_of_weak_checksums_proves_nothing([Values("md5", "sha1")] string kind)
    {
        var digest = Convert.ToHexStringLower(CryptographicOperations.HashData(new HashAlgorithmName(kind.ToUpperInvariant()), _world.Content));
        var list = $"{digest}  image.iso\n";
        Serve(ListUrl, list);
        Serve(SignatureUrl, FakeVerifier.Sign(Encoding.ASCII.GetBytes(list)));

        var failure = await FailAsync(Request with { SignatureUrl = SignatureUrl });

        Assert.That(failure.Kind, Is.EqualTo(DownloadErrorKind.SignatureInvalid));
        Assert.That(failure.Message, Does.Contain($"only {kind}"));
    }

    [TestCase("https://host/s.asc", null, null, "needs 'keyring' beside it")]
    [TestCase(null, null, "0123456789012345678901234567890123456789", "needs 'keyring' beside it")]
    [TestCase(null, "team.gpg", null, "needs 'signature_url' beside it")]
    [TestCase("https://host/s.asc", "../team.gpg", null, "no path")]
    [TestCase("https://host/s.asc", "/etc/team.gpg", null, "no path")]
    [TestCase("https://host/s.asc", ".hidden", null, "no path")]
    [TestCase("https://host/s.asc", "", null, "no path")]
    [TestCase("https://host/s.asc", "team\ngpg", null, "no path")]
    [TestCase("https://host/s.asc", "team.gpg", "DA87E80D6294BE9B", "all 40 or 64")]
    [TestCase("https://host/s.asc", "team.gpg", "x123456789012345678901234567890123456789", "all 40 or 64")]
    public async Task Fields_that_do_not_go_together_are_refused(string? url, string? keyring, string? fingerprint, string why)
    {
        var failure = await FailAsync(new StartRequest("ISO", World.Url, "a.iso", null) { SignatureUrl = url, Keyring = keyring, Fingerprint = fingerprint });

        Assert.That(failure.Kind, Is.EqualTo(DownloadErrorKind.FieldInvalid));
        Assert.That(failure.Message, Does.Contain(why));
    }

    [Test]
    public async Task Signature_url_that_is_none_is_named()
    {
        var failure = await FailAsync(Request with { SignatureUrl = "file:///etc/passwd" });

        Assert.That(failure.Kind, Is.EqualTo(DownloadErrorKind.UrlInvalid));
        Assert.That(failure.Message, Does.StartWith("signature_url: "));
    }

    [TestCase("ISO", true)]
    [TestCase("all", true)]
    [TestCase("other", false)]
    public async Task Pool_that_wants_signatures_takes_nothing_without(string required, bool isRefused)
    {
        _world = new World(300_000, trust: new TrustOptions { RequireSignature = [required] });
        var request = new StartRequest("ISO", World.Url, "a.iso", null, $"sha256:{Convert.ToHexString(SHA256.HashData(_world.Content))}");

        if (isRefused) Assert.That((await FailAsync(request)).Message, Does.Contain("takes only what is signed (trust:require_signature)"));
        else await _world.Commands.StartAsync(request, CancellationToken.None);
        Serve("https://host/image.sig", FakeVerifier.Sign(_world.Content));
        await _world.Commands.StartAsync(request with { Name = "b.iso", Keyring = "team.gpg", SignatureUrl = "https://host/image.sig" }, CancellationToken.None);

        await _world.WaitForAsync(DownloadState.Completed, "b.iso");
    }

    [Test]
    public async Task Credentials_go_to_signatures_on_the_same_server_only([Values] bool isSame)
    {
        var url = isSame ? SignatureUrl : "https://elsewhere/SHA256SUMS.gpg";
        Serve(ListUrl, List);
        Serve(url, FakeVerifier.Sign(Encoding.ASCII.GetBytes(List)));

        await _world.Commands.StartAsync(Request with { SignatureUrl = url, Credentials = new("user", "s3cret") }, CancellationToken.None);

        Assert.That(_world.Source.Requests.Single(r => r.Url.Uri.AbsoluteUri == url).Credentials is not null, Is.EqualTo(isSame));
    }

    private async Task<DownloadException> FailAsync(StartRequest request) =>
        (await Assert.ThrowsAsync<DownloadException>(() => _world.Commands.StartAsync(request, CancellationToken.None)))!;

    private void Serve(string url, string text) => Serve(url, Encoding.ASCII.GetBytes(text));

    private void Serve(string url, byte[] bytes) => _world.Source.Elsewhere[url] = (bytes, (string?)"text/plain");
}
