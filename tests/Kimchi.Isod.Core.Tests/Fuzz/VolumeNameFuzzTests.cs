using System.Text;
using System.Xml;
using CsCheck;
using Kimchi.Isod.Core.Errors;
using Kimchi.Isod.Core.Volumes;
using Kimchi.Isod.Fixtures.Fuzz;

namespace Kimchi.Isod.Core.Tests.Fuzz;

public sealed class VolumeNameFuzzTests
{
    // Unicode's Bidi_Control.
    private const string BidiMarks = "\u061c\u200e\u200f\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069";

    private static readonly UTF8Encoding StrictUtf8 = new(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);

    private static readonly Gen<string> Names = Gen.OneOf(
        Texts.Any,
        Texts.Of("debian", "-12", ".iso", ".", "-", " ", "日本", "é", "😀", "/"),
        Texts.Near(Gen.OneOf("debian-12.5.0-amd64-netinst.iso", "a b.iso", "日本😀.iso")),
        Gen.Select(Gen.OneOf("a", "é", "日", "😀"), Gen.Int[60, 260], (letter, times) => string.Concat(Enumerable.Repeat(letter, times)) + ".iso"));

    [Test]
    public void Accepted_name_keeps_every_rule_of_the_contract() => Names.Holds(
        name => VolumeName.FindFault(name) is not null || KeepsTheRules(name), count: 40_000);

    // The other way round: no rule beyond the contract's refuses what people call their images.
    [Test]
    public void Plain_name_is_accepted() => Gen.String[Gen.OneOf(Gen.Char.AlphaNumeric, Gen.OneOf('-', '.', '_', ' ', '+', '日', 'é')), 0, 60]
        .Select(middle => $"x{middle}x").Holds(name => VolumeName.FindFault(name) is null);

    [Test]
    public void Numbered_form_of_an_accepted_name_is_accepted_too() => Gen.Select(Names, Gen.Int[1, 100]).Holds(
        c => VolumeName.FindFault(c.Item1) is not null || VolumeName.FindFault(VolumeName.Numbered(c.Item1, c.Item2)) is null, count: 20_000);

    [Test]
    public void Refusal_is_of_its_kind_and_can_be_shown() => Names.Holds(
        name =>
        {
            try
            {
                VolumeName.Check(name);
                return true;
            }
            catch (DownloadException e)
            {
                return e.Kind is DownloadErrorKind.NameInvalid && !e.Message.Any(char.IsControl) && e.Message.Length < 1000
                    && !e.Message.Any(BidiMarks.Contains);
            }
        },
        count: 20_000);

    private static bool KeepsTheRules(string name) =>
        StrictUtf8.GetByteCount(name) is >= 1 and <= 255
        && !name.Contains('/', StringComparison.Ordinal)
        && !name.Any(char.IsControl)
        && name[0] is not ('.' or '-')
        && !char.IsWhiteSpace(name[^1])
        && !name.Any(BidiMarks.Contains)
        // libvirt is given names in XML.
        && XmlConvert.VerifyXmlChars(name) == name;
}
