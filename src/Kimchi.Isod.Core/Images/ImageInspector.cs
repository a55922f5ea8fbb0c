using System.Buffers.Binary;
using Kimchi.Isod.Core.Errors;
using Kimchi.Isod.Core.Options;
using Kimchi.Isod.Core.Volumes;

namespace Kimchi.Isod.Core.Images;

/// <summary>Judges an image by its first bytes, before libvirt or a virtual machine gets to see them.</summary>
/// <remarks>
/// At every refresh libvirtd probes the head of each file in a pool, as root, and opens the backing file that a foreign header
/// names (libvirt, src/storage_file/storage_file_probe.c). So formats that name other files are never let in by default.
/// </remarks>
public static class ImageInspector
{
    private const int DescriptorsAt = 32 * 1024 + 1;
    private const int SectorSize = 2048;

    private static readonly byte[] QcowMagic = [.. "QFI"u8, 0xfb];

    private static readonly (string Format, int Offset, byte[] Magic)[] Refused =
    [
        ("qed", 0, "QED\0"u8.ToArray()),
        ("vmdk", 0, "KDMV"u8.ToArray()),
        ("vmdk", 0, "COWD"u8.ToArray()),
        ("vmdk", 0, "# Disk DescriptorFile"u8.ToArray()),
        ("cow", 0, "OOOM"u8.ToArray()),
        ("ploop", 0, "WithoutFreeSpace"u8.ToArray()),
        ("ploop", 0, "WithouFreSpacExt"u8.ToArray()),
        ("luks", 0, [.. "LUKS"u8, 0xba, 0xbe]),
        ("vpc", 0, "conectix"u8.ToArray()),
        ("vhdx", 0, "vhdxfile"u8.ToArray()),
        ("vdi", 64, [0x7f, 0x10, 0xda, 0xbe]),
        ("bochs", 0, "Bochs Virtual HD Image"u8.ToArray()),
        ("cloop", 0, "#!/bin/sh\n#V2.0 Format\nmodprobe cloop"u8.ToArray()),
    ];

    /// <summary>Lets an image pass, or says why not.</summary>
    /// <param name="head">Its first 64 KiB, or all of it where it is smaller.</param>
    /// <param name="policy">What may pass.</param>
    /// <exception cref="DownloadException">It may not (<see cref="DownloadErrorKind.NotAnImage"/>).</exception>
    public static void Inspect(ReadOnlySpan<byte> head, AcceptPolicy policy)
    {
        if (policy is AcceptPolicy.Any) return;
        if (VolumeToken.IsToken(head))
            throw Refuse("it is a volume that a kimchi-isod is still filling: fetch it from where that one does, or when that one has completed");
        if (head.IndexOfAnyExcept((byte)0) < 0)
            throw Refuse($"its first {head.Length} bytes are zeros: perhaps a file that is still being written; downloads:accept=any lets it pass");
        if (WebPage.Begins(head) && !IsIso9660OrUdf(head))
            throw Refuse("it is a web page: perhaps a login or an error page in place of the file");
        if (policy is AcceptPolicy.Iso && !IsIso9660OrUdf(head))
            throw Refuse("it is no ISO 9660 or UDF image, and downloads:accept=iso lets nothing else pass");
        if (FindRefusedFormat(head) is { } format)
            throw Refuse($"its format is {format}, which names other files or cannot be managed by libvirt; " +
                "downloads:accept=any lets it pass");
    }

    private static string? FindRefusedFormat(ReadOnlySpan<byte> head)
    {
        foreach (var (format, offset, magic) in Refused)
        {
            if (head.Length >= offset && head[offset..].StartsWith(magic)) return format;
        }

        return head.StartsWith(QcowMagic) ? FindRefusedQcow(head) : null;
    }

    // docs/interop/qcow2.txt of QEMU: version at 4, backing_file_offset at 8, incompatible_features at 72 (bit 2: data file).
    private static string? FindRefusedQcow(ReadOnlySpan<byte> head)
    {
        if (head.Length < 80) return "qcow";
        var version = BinaryPrimitives.ReadUInt32BigEndian(head[4..]);
        if (version is not (2 or 3)) return "qcow";
        if (BinaryPrimitives.ReadUInt64BigEndian(head[8..]) != 0) return "qcow2 with a backing file";
        var hasDataFile = version == 3 && (BinaryPrimitives.ReadUInt64BigEndian(head[72..]) & 4) != 0;
        return hasDataFile ? "qcow2 with a data file" : null;
    }

    private static bool IsIso9660OrUdf(ReadOnlySpan<byte> head)
    {
        for (var at = DescriptorsAt; at + 5 <= head.Length; at += SectorSize)
        {
            var id = head.Slice(at, 5);
            if (id.SequenceEqual("CD001"u8) || id.SequenceEqual("NSR02"u8) || id.SequenceEqual("NSR03"u8)) return true;
        }

        return false;
    }

    private static DownloadException Refuse(string why) =>
        new(DownloadErrorKind.NotAnImage, $"the file is not published: {why}");
}
