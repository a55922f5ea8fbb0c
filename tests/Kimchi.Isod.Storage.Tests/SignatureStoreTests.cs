using Kimchi.Isod.Core.Checksums;
using Kimchi.Isod.Core.Signatures;
using Kimchi.Isod.Core.State;
using Kimchi.Isod.Core.Volumes;

namespace Kimchi.Isod.Storage.Tests;

/// <summary>The signature that an image must have, and what one has proven: kept over restarts.</summary>
public sealed class SignatureStoreTests : StateTest
{
    private static readonly byte[] Bytes = [.. Enumerable.Range(0, 256).Select(i => (byte)i)];
    private static readonly SignatureProof Proof = new(
        "rsa4096-sha512", new string('A', 40), "Bébé <a b=c@example.org> %20", DateTimeOffset.FromUnixTimeSeconds(1_764_000_000))
    {
        ListUrl = "https://host/SHA512SUMS?…",
    };

    [Test]
    public void Demand_is_still_there_at_the_next_start([Values] bool hasFingerprint, [Values] bool isOfOldVersion)
    {
        if (isOfOldVersion) Store.MakeVersion1();
        var demand = new SignatureDemand("the team's keys.gpg", hasFingerprint ? new string('B', 64) : null);
        DigestStart[] starts = [new(ChecksumAlgorithm.Sha512), new(ChecksumAlgorithm.Sha256, "00FF")];
        using (var store = Open())
        {
            var record = store.Add(Sample("s.iso") with { ImageSignature = new ImageSignature(demand, Bytes, starts) });
            store.Update(record with { State = DownloadState.Failed });
        }

        using var again = Open();
        var found = again.FindNewest(new VolumeId("ISO", "s.iso"))!;

        Assert.That(found.ImageSignature!.Demand, Is.EqualTo(demand));
        Assert.That(found.ImageSignature.Bytes.ToArray(), Is.EqualTo(Bytes));
        Assert.That(found.ImageSignature.Starts, Is.EqualTo(starts));
        Assert.That(found.IsJudged);
    }

    [Test]
    public void Proof_outlives_the_download_and_the_demand_does_not([Values(null, "", "-", "=")] string? userId, [Values] bool hasList)
    {
        var proof = Proof with { UserId = userId, ListUrl = hasList ? Proof.ListUrl : null };
        using var store = Open();
        var record = store.Add(Sample() with { ImageSignature = new ImageSignature(new SignatureDemand("k", null), Bytes, [new(ChecksumAlgorithm.Sha256)]) });

        store.Update(record with { State = DownloadState.Completed, Proof = proof, ChecksumList = proof.ListUrl });

        var ended = store.FindNewest(new VolumeId("ISO", "a.iso"))!;
        Assert.That(ended.Proof, Is.EqualTo(proof));
        Assert.That(ended.ChecksumList, Is.EqualTo(proof.ListUrl));
        Assert.That(ended.ImageSignature, Is.Null);
    }

    [TestCase("image_signature = 'k'")]
    [TestCase("image_signature = 'k - Sha256: %'")]
    [TestCase("image_signature = 'k - Sha0: AA=='")]
    [TestCase("image_signature = 'k - Sha256:xx AA=='")]
    [TestCase("image_signature = 'k -  AA=='")]
    [TestCase("proof = 'a b c - -'")]
    [TestCase("proof = 'a b 99999999999999999 - -'")]
    public void Store_whose_signature_cannot_be_read_is_kept_aside(string damage)
    {
        MakeStore();
        Store.Execute($"UPDATE downloads SET {damage}");

        OpenAndUse();

        Assert.That(Store.KeptAside, Has.Count.EqualTo(1));
        Assert.That(Log.Events[0].Id, Is.EqualTo(KeptAside));
    }
}
