using System.Text;
using Kimchi.Isod.Core.Errors;
using Kimchi.Isod.Core.Signatures;
using Kimchi.Isod.Signatures.Packets;
using Kimchi.Isod.Signatures.Tests.Making;

namespace Kimchi.Isod.Signatures.Tests;

/// <summary>Texts that have their signature in them, and what has been put into such texts to be taken for signed.</summary>
public sealed class ClearSignedTests
{
    private const string Signed = "0123  image.iso";
    private const string Begin = "-----BEGIN PGP SIGNED MESSAGE-----\n";

    private static readonly TestKey Key = TestKey.Ed25519(Times.KeyMade);
    private static readonly SignatureDemand Demand = new(Judgement.Keyring, null);

    private Judgement _judgement = null!;

    // RFC 9580, appendix A.3 and A.6: the samples of version 6.
    private const string SampleCertificate =
        "xioGY4d/4xsAAAAg+U2nu0jWCmHlZ3BqZYfQMxmZu52JGggkLq2EVD34laPCsQYfGwoAAABCBYJjh3/jAwsJBwUVCg4IDAIWAAKbAwIeCSIhBssYbE8GCaaX5NUt+mxyKwwfHifBilZwj2Ul7Ce62azJBScJ" +
        "AgcCAAAAAK0oIBA+LX0ifsDm185Ecds2v8lwgyU2kCcUmKfvBXbAf6rhRYWzuQOwEn7E/aLwIwRaLsdry0+VcallHhSu4RN6HWaEQsiPlR4zxP/TP7mhfVEe7XWPxtnMUMtf15OyA51YBM4qBmOHf+MZAAAA" +
        "IIaTJINn+eUBXbki+PSAld2nhJh/LVmFsS+60WyvXkQ1wpsGGBsKAAAALAWCY4d/4wKbDCIhBssYbE8GCaaX5NUt+mxyKwwfHifBilZwj2Ul7Ce62azJAAAAAAQBIKbpGG2dWTX8j+VjFM21J0hqWlEg+bdi" +
        "ojWnKfA5AQpWUWtnNwDEM0g12vYxoWM8Y81W+bHBw805I8kWVkXU6vFOi+HWvv/ira7ofJu16NnoUkhclkUrk0mXubZvyl4GBg==";

    private const string SampleMessage = Begin + """

        What we need from the grocery store:

        - - tofu
        - - vegetables
        - - noodles

        -----BEGIN PGP SIGNATURE-----

        wpgGARsKAAAAKQWCY5ijYyIhBssYbE8GCaaX5NUt+mxyKwwfHifBilZwj2Ul7Ce6
        2azJAAAAAGk2IHZJX1AhiJD39eLuPBgiUU9wUA9VHYblySHkBONKU/usJ9BvuAqo
        /FvLFuGWMbKAdA+epq7V4HOtAPlBWmU8QOd6aud+aSunHQaaEJ+iTFjP2OMW0KBr
        NK2ay45cX1IVAQ==
        -----END PGP SIGNATURE-----
        """;

    [SetUp]
    public void MakeKeyring() => _judgement = new Judgement(TestCertificate.Usual(Key).Bytes);

    [TearDown]
    public void DeleteKeyring() => _judgement.Dispose();

    [Test]
    public void Sample_of_the_standard_is_good()
    {
        using var judgement = new Judgement(Convert.FromBase64String(SampleCertificate));

        var (text, proof) = judgement.Verifier.VerifyClearSigned(Encoding.ASCII.GetBytes(SampleMessage), Demand);

        Assert.That(Encoding.ASCII.GetString(text), Is.EqualTo("What we need from the grocery store:\n\n- tofu\n- vegetables\n- noodles\n"));
        Assert.That(proof.Fingerprint, Is.EqualTo("CB186C4F0609A697E4D52DFA6C722B0C1F1E27C18A56708F6525EC27BAD9ACC9"));
        Assert.That(proof.UserId, Is.Null);
        Assert.That(() => judgement.Verifier.VerifyClearSigned(Encoding.ASCII.GetBytes(SampleMessage.Replace("tofu", "meat", StringComparison.Ordinal)), Demand), Refused("is of something else"));
    }

    // https://github.com/firstlookmedia/gpgsync/issues/67: what stands around the signed text was taken for it.
    [TestCase("forged\n", "", "")]
    [TestCase("", "", "\nforged")]
    [TestCase("", "Hash: SHA256\n", "")]
    public void Only_what_is_signed_is_given(string before, string headers, string behind)
    {
        var (text, _) = Verify($"{before}{Message(Signed, headers)}{behind}");

        Assert.That(text, Is.EqualTo(Signed));
    }

    // https://github.com/golang/go/issues/41200: text in the place of headers.
    [TestCase("Comment: 4567  image.iso\n")]
    [TestCase("4567  image.iso\n")]
    [TestCase(" \n4567  image.iso\n")]
    [TestCase("Hash: SHA256\n4567  image.iso\n")]
    public void Text_in_the_place_of_headers_is_refused(string headers) =>
        Assert.That(() => Verify(Message(Signed, headers)), Throws.TypeOf<DownloadException>());

    [Test]
    public void Second_message_is_refused() => Assert.That(() => Verify(Message(Signed) + "\n" + Message("4567  image.iso")), Refused("more than one signed message"));

    // https://github.com/openpgpjs/openpgpjs/issues/317
    [Test]
    public void Dash_that_is_not_escaped_is_refused() => Assert.That(() => Verify(Message("-----", isEscaped: false)), Refused("not escaped"));

    [Test]
    public void Dash_that_is_escaped_is_given() => Assert.That(Verify(Message("-----\n- x\n--")).Text, Is.EqualTo("-----\n- x\n--"));

    // https://github.com/openpgpjs/openpgpjs/pull/1548
    [Test]
    public void Blanks_at_the_ends_of_lines_are_neither_signed_nor_given() =>
        Assert.That(Verify(Message("a\nb").Replace("a\n", "a \t \r\n", StringComparison.Ordinal)).Text, Is.EqualTo("a\nb"));

    [TestCase("")]
    [TestCase("no message")]
    [TestCase(Begin)]
    [TestCase(Begin + "\ntext")]
    [TestCase(Begin + "\ntext\n-----BEGIN PGP SIGNATURE-----\n\nAAAA")]
    [TestCase(Begin + "\ntext\n-----BEGIN PGP SIGNATURE-----\n\n????\n-----END PGP SIGNATURE-----")]
    public void What_is_none_is_refused(string message) => Assert.That(() => Verify(message), Throws.TypeOf<DownloadException>());

    [Test]
    public void Signature_of_a_file_is_none_of_a_text()
    {
        var message = Message(Signed, change: s => s with { Type = SignatureType.Binary });

        Assert.That(() => Verify(message), Refused("it is of a file, and not of a text"));
    }

    private (string Text, SignatureProof Proof) Verify(string message)
    {
        var (text, proof) = _judgement.Verifier.VerifyClearSigned(Encoding.ASCII.GetBytes(message), Demand);
        return (Encoding.ASCII.GetString(text), proof);
    }

    private static string Message(string text, string headers = "", bool isEscaped = true, Func<Signing, Signing>? change = null)
    {
        var signing = new Signing(Key) { Type = SignatureType.Text };
        var signature = (change?.Invoke(signing) ?? signing).ToPacket(Encoding.ASCII.GetBytes(text));
        var lines = text.Split('\n').Select(line => isEscaped && line.StartsWith('-') ? "- " + line : line);
        return $"{Begin}{headers}\n{string.Join('\n', lines)}\n{Pgp.Armor("SIGNATURE", signature)}";
    }

    private static NUnit.Framework.Constraints.IResolveConstraint Refused(string why) => Throws.TypeOf<DownloadException>()
        .With.Property("Kind").EqualTo(DownloadErrorKind.SignatureInvalid).And.Message.Contains(why);
}
