using System.Buffers.Binary;
using CsCheck;
using Kimchi.Isod.Core.Errors;
using Kimchi.Isod.Core.Images;
using Kimchi.Isod.Core.Options;
using Kimchi.Isod.Fixtures.Fuzz;

namespace Kimchi.Isod.Core.Tests.Fuzz;

public sealed class ImageInspectorFuzzTests
{
    private const int IsoMarkAt = 0x8001;

    // What libvirt's storage_file_probe.c knows, beside plain raw ones.
    private static readonly (int At, byte[] Magic)[] Foreign =
    [
        (0, "QED\0"u8.ToArray()), (0, "KDMV"u8.ToArray()), (0, "COWD"u8.ToArray()), (0, "OOOM"u8.ToArray()),
        (0, "WithoutFreeSpace"u8.ToArray()), (0, [.. "LUKS"u8, 0xba, 0xbe]), (0, "conectix"u8.ToArray()), (0, "vhdxfile"u8.ToArray()),
        (64, [0x7f, 0x10, 0xda, 0xbe]),
    ];

    private static readonly Gen<byte[]> Heads = Gen.OneOf(Gen.Byte.Array[0, 200], Gen.Byte.Array[0x8000, 0x8010], Gen.Const(() => new byte[HeldHead.Size]));
    private static readonly Gen<AcceptPolicy> Policies = Gen.OneOf(Enum.GetValues<AcceptPolicy>());

    [Test]
    public void Any_head_passes_or_is_refused() => Gen.Select(Heads, Gen.OneOf(Foreign), Gen.Bool, Policies).Holds(
        c =>
        {
            var head = c.Item3 ? Put(c.Item1, c.Item2.At, c.Item2.Magic) : c.Item1;
            return Passes(head, c.Item4) || c.Item4 is not AcceptPolicy.Any;
        },
        count: 20_000);

    [Test]
    public void Format_that_libvirt_would_open_never_passes_by_default() => Gen.Select(Heads, Gen.OneOf(Foreign), Gen.Bool).Holds(
        c =>
        {
            if (c.Item1.Length < c.Item2.At + c.Item2.Magic.Length) return true;
            var head = Put(c.Item1, c.Item2.At, c.Item2.Magic);
            if (c.Item3) head = Put(head, IsoMarkAt, "CD001"u8.ToArray());
            return !Passes(head, AcceptPolicy.Safe) && !Passes(head, AcceptPolicy.Iso);
        },
        count: 20_000);

    // Only a qcow2 of its own passes: version 2 or 3, no backing file, no data file, and not cut off.
    [Test]
    public void Qcow_passes_only_without_other_files() => Gen.Select(
            Gen.UInt[0, 5], Gen.OneOf(Gen.Const(0UL), Gen.ULong), Gen.OneOf(Gen.Const(0UL), Gen.ULong), Gen.Int[4, 120], Gen.Byte.Array[120])
        .Holds(
            c =>
            {
                var head = Put(c.Item5, 0, [.. "QFI"u8, 0xfb]);
                BinaryPrimitives.WriteUInt32BigEndian(head.AsSpan(4), c.Item1);
                BinaryPrimitives.WriteUInt64BigEndian(head.AsSpan(8), c.Item2);
                BinaryPrimitives.WriteUInt64BigEndian(head.AsSpan(72), c.Item3);
                var isAlone = c.Item4 >= 80 && c.Item2 == 0 && (c.Item1 == 2 || (c.Item1 == 3 && (c.Item3 & 4) == 0));
                return Passes(head[..c.Item4], AcceptPolicy.Safe) == isAlone;
            },
            count: 20_000);

    [Test]
    public void Iso_passes_whatever_else_its_sectors_hold() => Gen.Select(Gen.Byte.Array[1, 2000], Gen.Int[0, 14], Gen.OneOf("CD001", "NSR02", "NSR03")).Holds(
        c =>
        {
            var head = Put(new byte[HeldHead.Size], 0x100, c.Item1);
            return Passes(Put(head, IsoMarkAt + (c.Item2 * 2048), System.Text.Encoding.ASCII.GetBytes(c.Item3)), AcceptPolicy.Iso);
        },
        count: 2000);

    private static byte[] Put(byte[] head, int at, byte[] bytes)
    {
        var changed = (byte[])head.Clone();
        if (changed.Length >= at + bytes.Length) bytes.CopyTo(changed, at);
        return changed;
    }

    private static bool Passes(byte[] head, AcceptPolicy policy)
    {
        try
        {
            ImageInspector.Inspect(head, policy);
            return true;
        }
        catch (DownloadException e) when (e.Kind is DownloadErrorKind.NotAnImage)
        {
            return false;
        }
    }
}
