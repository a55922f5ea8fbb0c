using Kimchi.Isod.Core.Images;
using Kimchi.Isod.Core.State;
using Kimchi.Isod.Core.Volumes;

namespace Kimchi.Isod.Core.Ownership;

/// <summary>Finds out whether a volume is the one that was made for a download. A name and a size prove nothing. Blocks.</summary>
internal static class VolumeExaminer
{
    /// <summary>Reads the start of a volume and compares it with what the record knows.</summary>
    /// <param name="volume">The volume.</param>
    /// <param name="record">The download.</param>
    /// <param name="store">Has the head of an image that is being published.</param>
    public static VolumeFinding Examine(IVolume volume, DownloadRecord record, IDownloadStore store)
    {
        var start = ReadStart(volume, record.IsPublishing || record.BirthCapacity is not null ? HeldHead.Size : VolumeToken.Length);
        var file = volume.FindFile(start);
        return new VolumeFinding(FindOwner(volume, record, store, start, file), file, Describe(start, record));
    }

    /// <summary>The token at the start of a volume, or null.</summary>
    public static VolumeToken? FindToken(IVolume volume) =>
        VolumeToken.TryRead(ReadStart(volume, VolumeToken.Length), out var token) ? token : null;

    private static VolumeOwner FindOwner(IVolume volume, DownloadRecord record, IDownloadStore store, byte[] start, VolumeFile? file)
    {
        if (record.Token is not { } token) return VolumeOwner.Other;
        var expected = token.ToBytes();
        if (HasToken(start, expected, record.ImageSize)) return VolumeOwner.Ours;
        if (record.BirthCapacity is { } birth && volume.GetCapacity() == birth && IsEmpty(start)) return VolumeOwner.Newborn;
        if (!record.IsPublishing) return VolumeOwner.Other;
        if (file is not null && file.Identity == record.FileIdentity) return VolumeOwner.Ours;
        return PublishedHead.MayBe(start, expected, store.LoadHead(record.Id) ?? []) ? VolumeOwner.Published : VolumeOwner.Other;
    }

    // All of it, or as much as the file has room for: a few bytes that happen to be the same prove nothing.
    private static bool HasToken(ReadOnlySpan<byte> start, ReadOnlySpan<byte> token, long? size)
    {
        var length = Math.Min(start.Length, token.Length);
        return length >= Math.Min(token.Length, size ?? token.Length) && length > 0 && start[..length].SequenceEqual(token[..length]);
    }

    /// <summary>The first bytes of a volume; fewer where it is shorter.</summary>
    public static byte[] ReadStart(IVolume volume, int length)
    {
        using var start = new MemoryStream(length);
        volume.Read(0, length, piece => start.Write(piece));
        return start.ToArray();
    }

    private static string Describe(byte[] start, DownloadRecord record)
    {
        if (VolumeToken.TryRead(start, out var token))
        {
            return record.Token is { } ours && token.Host != ours.Host
                ? $"the download in progress of the host '{token.Host}'"
                : "another download in progress of this host";
        }

        return IsEmpty(start) ? "a volume without the download's token, its first bytes zeros" : "a volume without the download's token";
    }

    private static bool IsEmpty(ReadOnlySpan<byte> bytes) => bytes.IndexOfAnyExcept((byte)0) < 0;
}
