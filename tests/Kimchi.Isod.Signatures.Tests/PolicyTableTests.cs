using Kimchi.Isod.Signatures.Tests.Making;

namespace Kimchi.Isod.Signatures.Tests;

/// <summary>Our judgement beside that of gpgv (2.2) and sqv (1.1): what they say of the same files, and why ours differs where it does.</summary>
[Parallelizable(ParallelScope.All)]
public sealed class PolicyTableTests
{
    private static readonly byte[] Content = "d41d8cd98f  image.iso\n"u8.ToArray();

    private static IEnumerable<TestCaseData> Table => SignatureCases.All.Select(c => new TestCaseData(c).SetArgDisplayNames(c.Name));

    [TestCaseSource(nameof(Table))]
    public async Task Judgement_beside_those_of_gpgv_and_sqv(SignatureCase signed)
    {
        using var judgement = new Judgement(signed.Keyring);
        var signature = signed.Signatures(Content);

        var ours = judgement.Ours(Content, signature);
        var gpgv = await judgement.GpgvAsync(Content, signature);
        var sqv = await judgement.SqvAsync(Content, signature);

        if (signed.Fault is null) Assert.That(ours, Is.EqualTo(Judgement.Good));
        else Assert.That(ours, Does.Contain(signed.Fault));
        Assert.That((gpgv, sqv), Is.EqualTo((signed.Gpgv, signed.Sqv)), "what the others say of it");
        var isGood = signed.Fault is null;
        Assert.That(signed.Why is null, Is.EqualTo(isGood == sqv && isGood == gpgv.Contains("GOODSIG", StringComparison.Ordinal)), "a difference has its reason, and nothing else has");
    }
}
