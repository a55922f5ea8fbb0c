using CsCheck;
using Kimchi.Isod.Core.Errors;
using Kimchi.Isod.Core.Signatures;
using Kimchi.Isod.Fixtures.Fuzz;
using Kimchi.Isod.Signatures.Tests.Making;

namespace Kimchi.Isod.Signatures.Tests.Fuzz;

/// <summary>Whatever is changed in a signature, a keyring or a message: it is refused with a reason, or it is what was signed.</summary>
public sealed class SignatureFuzzTests
{
    private static readonly byte[] Content = "0123  image.iso"u8.ToArray();
    private static readonly TestKey Key = TestKey.Ed25519(Times.KeyMade);
    private static readonly TestKey Subkey = TestKey.Ed25519(Times.KeyMade);
    private static readonly byte[] Keyring = TestCertificate.Usual(Key).WithSubkey(Subkey).Bytes;
    private static readonly byte[] Signature = new Signing(Subkey).ToPacket(Content);

    private static readonly Gen<(int Position, byte Value, int Cut)[]> Changes = Gen.Select(Gen.Int[0, 5000], Gen.Byte, Gen.Int[-3, 3]).Array[1, 4];

    [Test]
    public void Changed_signature_is_refused_or_good_for_the_content_alone() => Changes.Holds(changes =>
    {
        using var judgement = new Judgement(Keyring);
        var changed = Change(Signature, changes);

        judgement.Ours(Content, changed);
        return judgement.Ours([.. Content, 0], changed) != Judgement.Good;
    }, 300);

    [Test]
    public void Changed_keyring_is_refused_or_good_for_the_content_alone() => Changes.Holds(changes =>
    {
        using var judgement = new Judgement(Change(Keyring, changes));

        judgement.Ours(Content, Signature);
        return judgement.Ours([.. Content, 0], Signature) != Judgement.Good;
    }, 300);

    [Test]
    public void Changed_message_gives_the_signed_text_or_nothing() => Changes.Holds(changes =>
    {
        using var judgement = new Judgement(Keyring);
        var signature = new Signing(Subkey) { Type = Packets.SignatureType.Text }.ToPacket(Content);
        var message = System.Text.Encoding.ASCII.GetBytes($"-----BEGIN PGP SIGNED MESSAGE-----\n\n0123  image.iso\n{Pgp.Armor("SIGNATURE", signature)}");
        try
        {
            var (text, _) = judgement.Verifier.VerifyClearSigned(Change(message, changes), new SignatureDemand(Judgement.Keyring, null));
            return text.AsSpan().SequenceEqual(Content);
        }
        catch (DownloadException e)
        {
            return e.Kind is DownloadErrorKind.SignatureInvalid;
        }
    }, 300);

    // Overwrites bytes, takes some away, and puts some in.
    private static byte[] Change(byte[] bytes, (int Position, byte Value, int Cut)[] changes)
    {
        var changed = bytes.ToList();
        foreach (var (position, value, cut) in changes)
        {
            var at = position % changed.Count;
            if (cut < 0) changed.RemoveRange(at, Math.Min(-cut, changed.Count - at));
            else if (cut > 0) changed.InsertRange(at, Enumerable.Repeat(value, cut));
            else changed[at] = value;
        }

        return [.. changed];
    }
}
