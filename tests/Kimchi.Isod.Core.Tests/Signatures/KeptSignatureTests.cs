using System.Security.Cryptography;
using System.Text;
using Kimchi.Isod.Core.Errors;
using Kimchi.Isod.Core.Options;
using Kimchi.Isod.Core.Starting;
using Kimchi.Isod.Core.State;
using Kimchi.Isod.Core.Tests.Fakes;
using NUnit.Framework.Constraints;

namespace Kimchi.Isod.Core.Tests.Signatures;

/// <summary>Starts that keep what is there and demand a signature, and those that find a checksum beside one.</summary>
public sealed class KeptSignatureTests
{
    private const string ListUrl = "https://host/path/SHA256SUMS";
    private const string SignatureUrl = "https://host/path/image.sig";

    private static readonly string Signer = FakeVerifier.Proof.Fingerprint;
    private static readonly string Stranger = new('B', 40);

    private World _world = null!;

    private static StartRequest Plain => new("ISO", World.Url, "a.iso", null);

    private static StartRequest OfImage => Plain with { Keyring = "team.gpg", SignatureUrl = SignatureUrl };

    private static StartRequest OfList => Plain with { Keyring = "team.gpg", ChecksumUrl = ListUrl };

    private string Sum => Convert.ToHexStringLower(SHA256.HashData(_world.Content));

    [SetUp]
    public void MakeWorld() => Use(new World(300_000));

    [Test]
    public async Task Image_is_kept_by_the_signature_that_it_was_verified_by([Values] bool isList, [Values] bool isKeyNamed)
    {
        var request = (isList ? OfList : OfImage) with { Fingerprint = isKeyNamed ? Signer : null };
        await CompleteAsync(request);

        var kept = await KeepAsync(request);

        Assert.That(kept.IsKept);
        Assert.That(kept.Download!.Record.Proof!.Fingerprint, Is.EqualTo(Signer));
        Assert.That(_world.Source.OpenedAt, Has.Count.EqualTo(1), "the image is not asked for again");
    }

    [Test]
    public async Task Signed_image_is_kept_where_nobody_asks_for_the_signature()
    {
        await CompleteAsync(OfImage);

        Assert.That((await KeepAsync(Plain)).IsKept);
    }

    [Test]
    public async Task Checksum_alone_is_no_signature([Values] bool isList)
    {
        await CompleteAsync(Plain with { Checksum = $"sha256:{Sum}" });

        Assert.That(() => KeepAsync(isList ? OfList : OfImage with { Checksum = $"sha256:{Sum}" }), Refused(isList ? "signed list is demanded" : "a signature of the image"));
    }

    [Test]
    public async Task Content_of_a_volume_without_a_record_is_no_signature([Values] bool isList)
    {
        await CompleteAsync(isList ? OfList : OfImage);
        _world.Store.RemoveEnded(new("ISO", "a.iso"));

        Assert.That(() => KeepAsync(isList ? OfList : OfImage with { Checksum = $"sha256:{Sum}" }), Refused("no record tells that it was verified by a signature"));
    }

    [Test]
    public async Task Signature_of_a_list_is_none_of_the_image_and_the_reverse([Values] bool isList)
    {
        await CompleteAsync(isList ? OfList : OfImage);

        Assert.That(() => KeepAsync(isList ? OfImage : OfList), Refused("is demanded"));
    }

    [Test]
    public async Task Image_of_another_key_or_keyring_is_refused_and_the_key_named()
    {
        await CompleteAsync(OfImage);

        Assert.That(() => KeepAsync(OfImage with { Fingerprint = Stranger }), Refused($"it is signed by {Signer}, not by {Stranger}"));
        _world.Signatures.Keyrings["others.gpg"] = Stranger;
        Assert.That(() => KeepAsync(OfImage with { Keyring = "others.gpg" }), Refused($"it is signed by {Signer}, which the keyring 'others.gpg'"));
    }

    [Test]
    public async Task List_of_another_key_is_refused_and_the_keys_named()
    {
        await CompleteAsync(OfList);
        _world.Signatures.Signer = Stranger;

        Assert.That(() => KeepAsync(OfList), Refused($"its list is signed by {Signer}, and that of the request by {Stranger}"));
    }

    [Test]
    public async Task Signed_image_of_another_URL_is_refused_though_its_content_has_the_checksum()
    {
        await CompleteAsync(OfList);

        Assert.That(() => KeepAsync(OfList with { Url = "https://other/image.iso" }), Refused("not from https://other/image.iso"));
    }

    [Test]
    public async Task Download_in_progress_is_kept_where_it_demands_as_much()
    {
        var gate = new Gate(100_000);
        _world.Source.BeforeRead = gate.PassAsync;
        await _world.Commands.StartAsync(OfImage, CancellationToken.None);
        await gate.Reached;

        Assert.That((await KeepAsync(OfImage)).IsKept);
        Assert.That(() => KeepAsync(OfImage with { Fingerprint = Stranger }), Refused("of its download, it must be signed by any key of the keyring, not by"));
        Assert.That(() => KeepAsync(OfImage with { Keyring = "others.gpg" }), Refused("by the keyring 'team.gpg', not by 'others.gpg'"));
        gate.Open();
        await _world.WaitForAsync(DownloadState.Completed);
    }

    [Test]
    public async Task Download_in_progress_that_demands_no_signature_is_refused()
    {
        var gate = await _world.StartHeldAsync(100_000);

        Assert.That(() => KeepAsync(OfImage), Refused("of its download, no signature is demanded of it"));
        gate.Open();
        await _world.WaitForAsync(DownloadState.Completed);
    }

    [Test]
    public async Task Pool_that_wants_signatures_keeps_nothing_without()
    {
        Use(new World(300_000, trust: new TrustOptions { RequireSignature = ["ISO"] }));
        await CompleteAsync(OfImage);

        Assert.That(
            () => KeepAsync(Plain with { Checksum = $"sha256:{Sum}" }),
            Throws.TypeOf<DownloadException>().With.Property("Kind").EqualTo(DownloadErrorKind.FieldInvalid).And.Message.Contains("trust:require_signature"));
        Assert.That((await KeepAsync(OfImage)).IsKept);
    }

    [Test]
    public async Task Checksum_is_found_beside_the_signature_of_the_image([Values] bool isKeeping)
    {
        Serve(ListUrl, $"{Sum}  image.iso\n");
        var request = OfImage with { Checksum = "auto" };

        await BeginAsync(request, isKeeping);
        var record = await _world.WaitForAsync(DownloadState.Completed);

        Assert.That(record.Checksum!.ToString(), Is.EqualTo($"sha256:{Sum}"));
        Assert.That(new[] { record.ChecksumSource, record.ChecksumList }, Is.All.EqualTo(ListUrl));
        Assert.That(record.Proof, Is.EqualTo(FakeVerifier.Proof), "of the image, not of the list");
    }

    [Test]
    public void Checksum_that_is_to_be_found_is_no_list_for_a_keyring([Values] bool isKeeping)
    {
        var request = Plain with { Checksum = "auto", Keyring = "team.gpg" };

        Assert.That(
            () => BeginAsync(request, isKeeping),
            Throws.TypeOf<DownloadException>().With.Property("Kind").EqualTo(DownloadErrorKind.FieldInvalid).And.Message.Contains("'keyring' needs 'signature_url' beside it"));
    }

    [Test]
    public async Task Headers_are_given_for_the_server_of_the_URL_whatever_is_fetched()
    {
        var headers = new Dictionary<string, string?> { ["X-Key"] = "s3cret" };
        Serve("https://elsewhere/image.sig", FakeVerifier.Sign(_world.Content));
        await _world.Commands.StartAsync(OfImage with { Headers = headers, SignatureUrl = "https://elsewhere/image.sig" }, CancellationToken.None);
        await _world.Commands.StartAsync(OfList with { Name = "b.iso", Headers = headers }, CancellationToken.None);
        await _world.WaitForAsync(DownloadState.Completed);
        await _world.WaitForAsync(DownloadState.Completed, "b.iso");

        Assert.That(_world.Source.Requests, Has.Count.GreaterThanOrEqualTo(4));
        Assert.That(_world.Source.Requests.Select(r => r.Headers?.Origin), Is.All.EqualTo("https://host"), "whoever sends them knows where to");
    }

    private void Use(World world)
    {
        _world = world;
        var list = $"{Sum}  image.iso\n";
        Serve(ListUrl, [.. FakeVerifier.Sign(Encoding.ASCII.GetBytes(list)), (byte)'\n', .. Encoding.ASCII.GetBytes(list)]);
        Serve(SignatureUrl, FakeVerifier.Sign(_world.Content));
    }

    private async Task CompleteAsync(StartRequest request)
    {
        await _world.Commands.StartAsync(request, CancellationToken.None);
        await _world.WaitForAsync(DownloadState.Completed);
    }

    private Task BeginAsync(StartRequest request, bool isKeeping) =>
        isKeeping ? KeepAsync(request) : _world.Commands.StartAsync(request, CancellationToken.None);

    private Task<Commands.KeptDownload> KeepAsync(StartRequest request) => _world.Commands.KeepAsync(request, CancellationToken.None);

    private void Serve(string url, string text) => Serve(url, Encoding.ASCII.GetBytes(text));

    private void Serve(string url, byte[] bytes) => _world.Source.Elsewhere[url] = (bytes, (string?)"text/plain");

    private static IResolveConstraint Refused(string words) =>
        Throws.TypeOf<DownloadException>().With.Property("Kind").EqualTo(DownloadErrorKind.NameInUse).And.Message.Contains(words);
}
