using Kimchi.Isod.Core.Checksums;
using Kimchi.Isod.Core.Errors;
using Kimchi.Isod.Core.Starting;
using Kimchi.Isod.Core.State;
using Kimchi.Isod.Core.Tests.Checksums;
using Kimchi.Isod.Core.Tests.Fakes;

namespace Kimchi.Isod.Core.Tests.Signatures;

/// <summary>Downloads of images that must have a signature.</summary>
public sealed class SignedImageTests
{
    private const string SignatureUrl = "https://host/path/image.iso.sig";

    private static StartRequest Request => new("ISO", World.Url, "a.iso", null) { SignatureUrl = SignatureUrl, Keyring = "team.gpg" };

    [Test]
    public async Task Image_that_was_signed_is_published([Values(1, 65_536, 500_000)] int size, [Values] bool tellsSize)
    {
        var world = Signed(size);
        world.Source.TellsSize = tellsSize;
        world.Source.End = tellsSize ? Remote.EndEvidence.Told : Remote.EndEvidence.None;

        await world.Commands.StartAsync(Request, CancellationToken.None);
        var record = await world.WaitForAsync(DownloadState.Completed);

        Assert.That(world.Pools["a.iso"].Bytes, Is.EqualTo(world.Content));
        Assert.That(record.Proof, Is.EqualTo(FakeVerifier.Proof));
    }

    [Test]
    public async Task Image_that_is_another_is_never_published_and_leaves_no_volume()
    {
        var world = Signed(500_000);
        world.Source.Content = [.. world.Content];
        world.Source.Content[^1] ^= 1;

        await world.Commands.StartAsync(Request, CancellationToken.None);
        var record = await world.WaitForAsync(DownloadState.Failed);

        Assert.That(record.Failure!.Kind, Is.EqualTo(DownloadErrorKind.SignatureMismatch));
        Assert.That(record.Failure.Reason, Does.Contain("not the one that was signed").And.Contain("not published"));
        Assert.That(record.Proof, Is.Null);
        Assert.That(world.Source.OpenedAt, Has.Count.EqualTo(1), "it is not tried again");
        Assert.That(() => world.Pools.Has("a.iso"), Is.False.After(5000, 2));

        world.Source.Content = world.Content;
        await world.RetryAsync();
        await world.WaitForAsync(DownloadState.Completed);
        Assert.That(world.Pools["a.iso"].Bytes, Is.EqualTo(world.Content));
    }

    // The keyring was taken away, or the key revoked: that says nothing of the bytes.
    [Test]
    public async Task Key_that_is_not_accepted_any_more_publishes_nothing_and_loses_nothing()
    {
        var world = Signed(500_000);
        world.Signatures.NextFailure = new DownloadException(DownloadErrorKind.SignatureInvalid, "no signature is good: the key is revoked");

        await world.Commands.StartAsync(Request, CancellationToken.None);
        var record = await world.WaitForAsync(DownloadState.Failed);

        Assert.That(record.Failure!.Reason, Does.Contain("revoked"));
        Assert.That(world.Pools["a.iso"].Bytes, Is.Not.EqualTo(world.Content), "its head is not there");
        var opened = world.Source.OpenedAt.Count;
        await world.RetryAsync();
        await world.WaitForAsync(DownloadState.Completed);
        Assert.That(world.Source.OpenedAt, Has.Count.EqualTo(opened), "nothing was fetched again");
    }

    [Test]
    public async Task Signature_is_demanded_after_a_restart_too([Values] bool matches)
    {
        var world = Signed(500_000);
        var gate = await HoldAsync(world, 450_000);
        await world.PauseAsync();
        gate.Open();
        var restarted = new World(500_000, world.Options, world.Store, world.Pools);
        if (!matches) restarted.Source.Content[470_000] ^= 1;

        await restarted.Recovery.StartingAsync(CancellationToken.None);
        await restarted.ResumeAsync();

        if (matches) Assert.That((await restarted.WaitForAsync(DownloadState.Completed)).Proof, Is.EqualTo(FakeVerifier.Proof));
        else Assert.That((await restarted.WaitForAsync(DownloadState.Failed)).Failure!.Kind, Is.EqualTo(DownloadErrorKind.SignatureMismatch));
    }

    [Test]
    public async Task Weak_validator_suffices_for_what_a_signature_judges()
    {
        var world = Signed(500_000);
        world.Source.ETag = null;
        var gate = await HoldAsync(world, 450_000);

        await world.PauseAsync();
        gate.Open();
        await world.ResumeAsync();
        await world.WaitForAsync(DownloadState.Completed);

        Assert.That(world.Source.OpenedAt[^1], Is.Positive, "it went on where it was");
        Assert.That(world.Pools["a.iso"].Bytes, Is.EqualTo(world.Content));
    }

    [Test]
    public async Task Checksum_and_signature_must_both_be_right([Values] bool isChecksumRight, [Values] bool isSignatureRight)
    {
        var world = Signed(300_000);
        if (!isSignatureRight) Serve(world, FakeVerifier.Sign("other"u8));
        var digest = Blake2bTests.Hash(world.Content);
        if (!isChecksumRight) digest[0] ^= 1;

        await world.Commands.StartAsync(Request with { Checksum = $"blake2b:{Convert.ToHexString(digest)}" }, CancellationToken.None);

        await world.WaitForAsync(isChecksumRight && isSignatureRight ? DownloadState.Completed : DownloadState.Failed);
    }

    [Test]
    public async Task Signature_that_cannot_become_good_is_refused_before_the_image_is_asked_for()
    {
        var world = new World(1000);
        Serve(world, "none"u8.ToArray());

        var failure = await Assert.ThrowsAsync<DownloadException>(() => world.Commands.StartAsync(Request, CancellationToken.None));

        Assert.That(failure!.Kind, Is.EqualTo(DownloadErrorKind.SignatureInvalid));
        Assert.That(world.Source.OpenedAt, Is.Empty);
    }

    [Test]
    public void Digests_with_salts_are_kept_apart_and_go_back_together()
    {
        using var digest = new ImageDigest([new DigestStart(ChecksumAlgorithm.Sha256), new DigestStart(ChecksumAlgorithm.Sha256, "00ff"), new DigestStart(ChecksumAlgorithm.Sha256)]);
        digest.Append("ab"u8);
        digest.Checkpoint();
        digest.Append("lost"u8);
        digest.Rewind(2);
        digest.Append("c"u8);

        Assert.That(digest.With(new DigestStart(ChecksumAlgorithm.Sha256), "d"u8), Is.EqualTo(System.Security.Cryptography.SHA256.HashData("abcd"u8)));
        Assert.That(digest.With(new DigestStart(ChecksumAlgorithm.Sha256, "00ff"), []), Is.EqualTo(System.Security.Cryptography.SHA256.HashData([0, 255, .. "abc"u8])));
        Assert.That(digest.With(new DigestStart(ChecksumAlgorithm.Sha512), []), Is.Null);
        Assert.That(digest.Current().Digest, Is.EqualTo(Convert.ToHexStringLower(System.Security.Cryptography.SHA256.HashData("abc"u8))));
    }

    private static async Task<Gate> HoldAsync(World world, long position)
    {
        var gate = new Gate(position);
        world.Source.BeforeRead = (at, stop) => at == 0 && world.Source.OpenedAt.Count == 0 ? Task.CompletedTask : gate.PassAsync(at, stop);
        await world.Commands.StartAsync(Request, CancellationToken.None);
        await gate.Reached;
        return gate;
    }

    private static World Signed(int size)
    {
        var world = new World(size);
        Serve(world, FakeVerifier.Sign(world.Content));
        return world;
    }

    private static void Serve(World world, byte[] signature) => world.Source.Elsewhere[SignatureUrl] = (signature, (string?)"application/pgp-signature");
}
