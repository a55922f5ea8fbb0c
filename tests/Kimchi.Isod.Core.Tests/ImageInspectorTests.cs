using System.Buffers.Binary;
using System.Text;
using Kimchi.Isod.Core.Errors;
using Kimchi.Isod.Core.Images;
using Kimchi.Isod.Core.Options;

namespace Kimchi.Isod.Core.Tests;

public sealed class ImageInspectorTests
{
    [Test]
    public void Iso_9660_passes_every_policy([Values] AcceptPolicy policy) =>
        Assert.That(() => ImageInspector.Inspect(With(32_769, "CD001"), policy), Throws.Nothing);

    [Test]
    public void Udf_passes_every_policy([Values] AcceptPolicy policy) =>
        Assert.That(() => ImageInspector.Inspect(With(32_769 + 2048, "NSR02"), policy), Throws.Nothing);

    [Test]
    public void Random_bytes_pass_safe_but_not_iso()
    {
        var head = new byte[HeldHead.Size];
        new Random(1).NextBytes(head);

        Assert.That(() => ImageInspector.Inspect(head, AcceptPolicy.Safe), Throws.Nothing);
        Assert.That(() => ImageInspector.Inspect(head, AcceptPolicy.Iso), Refused);
    }

    [TestCase(0, "QED\0")]
    [TestCase(0, "KDMV")]
    [TestCase(0, "COWD")]
    [TestCase(0, "# Disk DescriptorFile")]
    [TestCase(0, "OOOM")]
    [TestCase(0, "WithoutFreeSpace")]
    [TestCase(0, "WithouFreSpacExt")]
    [TestCase(0, "LUKS\u00ba\u00be")]
    [TestCase(0, "conectix")]
    [TestCase(0, "vhdxfile")]
    [TestCase(64, "\u007f\u0010\u00da\u00be")]
    [TestCase(0, "QFI\u00fb\0\0\0\u0001")]
    [TestCase(0, "<!DOCTYPE html><title>Log in</title>")]
    [TestCase(0, "\u00ef\u00bb\u00bf\r\n<html lang=en>")]
    public void Dangerous_format_is_refused_unless_anything_goes(int offset, string magic)
    {
        Assert.That(() => ImageInspector.Inspect(With(offset, magic), AcceptPolicy.Safe), Refused);
        Assert.That(() => ImageInspector.Inspect(With(offset, magic), AcceptPolicy.Any), Throws.Nothing);
    }

    [TestCase(0UL, 0UL, true)]
    [TestCase(4096UL, 0UL, false)]
    [TestCase(0UL, 4UL, false)]
    [TestCase(0UL, 1UL, true)]
    public void Qcow2_passes_only_when_it_names_no_other_file(ulong backingFile, ulong incompatible, bool passes)
    {
        var head = With(0, "QFI\u00fb");
        BinaryPrimitives.WriteUInt32BigEndian(head.AsSpan(4), 3);
        BinaryPrimitives.WriteUInt64BigEndian(head.AsSpan(8), backingFile);
        BinaryPrimitives.WriteUInt64BigEndian(head.AsSpan(72), incompatible);

        Assert.That(() => ImageInspector.Inspect(head, AcceptPolicy.Safe), passes ? Throws.Nothing : Refused);
    }

    [Test]
    public void Head_of_any_length_is_judged_without_a_crash([Range(0, 100)] int length)
    {
        foreach (var magic in new[] { "QFI\u00fb\0\0\0\u0003", "QED\0", "conectix" })
        {
            var head = With(0, magic)[..length];
            try
            {
                ImageInspector.Inspect(head, AcceptPolicy.Safe);
            }
            catch (DownloadException e)
            {
                Assert.That(e.Kind, Is.EqualTo(DownloadErrorKind.NotAnImage));
            }
        }
    }

    private static NUnit.Framework.Constraints.IResolveConstraint Refused =>
        Throws.TypeOf<DownloadException>().With.Property("Kind").EqualTo(DownloadErrorKind.NotAnImage);

    private static byte[] With(int offset, string magic)
    {
        var head = new byte[HeldHead.Size];
        Encoding.Latin1.GetBytes(magic).CopyTo(head, offset);
        return head;
    }
}
