using System.IO.Hashing;
using CsCheck;
using Kimchi.Isod.Core.Images;
using Kimchi.Isod.Core.Remote;
using Kimchi.Isod.Core.State;
using Kimchi.Isod.Core.Storing;
using Kimchi.Isod.Core.Tests.Fakes;
using Kimchi.Isod.Core.Volumes;
using Kimchi.Isod.Fixtures.Fuzz;

namespace Kimchi.Isod.Core.Tests.Fuzz;

/// <summary>Bytes that are taken out of an image, whatever its windows are: those are missing then, and what is left is as it was written.</summary>
public sealed class RangeRemovalFuzzTests
{
    private const int Count = 300;

    private static readonly Gen<(int[] Windows, (int Start, int Length)[] Ranges, int Spoilt)> Cases = Gen.Select(
        Gen.Int[1, 50_000].Array[1, 8], Gen.Select(Gen.Int[0, 250_000], Gen.Int[1, 60_000]).Array[1, 5], Gen.Int[-1, 7]);

    [Test]
    public void Exactly_these_bytes_are_missing_and_the_windows_left_are_right() => Cases.Holds(c =>
    {
        var size = HeldHead.Size + c.Windows.Sum();
        var volume = new MemoryVolume(size, VolumeAllocation.Full);
        new Random(size).NextBytes(volume.Bytes);
        var (image, store, id) = Store(volume, c.Windows);
        var spoilt = c.Spoilt >= 0 && c.Spoilt < c.Windows.Length ? store.LoadWindows(id)[c.Spoilt] : null;
        if (spoilt is not null) volume.Bytes[spoilt.Start] ^= 0xff;
        var ranges = Of(c.Ranges, size);

        new RangeRemoval(image, volume, ranges, CancellationToken.None).Run();

        var expected = ranges.Aggregate(StoredRanges.UpTo(size), (all, range) => all.Without(range));
        if (ranges.Any(range => range.Start < HeldHead.Size)) expected = expected.Without(new ImageRange(0, HeldHead.Size));
        // One that somebody else has changed is dropped whole where it is touched, and found by the next reading where it is not.
        var isTouched = spoilt is not null && ranges.Any(range => range.Start < spoilt.End && spoilt.Start < range.End);
        if (isTouched) expected = expected.Without(spoilt!.Range);
        var windows = store.LoadWindows(id);
        return image.Record.Stored.Equals(expected)
            && StoredRanges.Of(store.LoadHead(id)?.Length ?? 0, windows).Equals(expected)
            && windows.All(window => window.Start == spoilt?.Start || window.Digest == Digest(volume, window.Start, window.Length));
    }, Count);

    [Test]
    public void Parts_are_read_in_order_and_end_at_the_multiples_of_their_length() => Gen.Select(Gen.Int[0, 300_000], Gen.Int[1, 300_000], Gen.Int[1, 90_000]).Holds(c =>
    {
        var (start, length, part) = c;
        var content = new byte[start + length];
        new Random(start).NextBytes(content);
        var volume = new MemoryVolume(content.Length, VolumeAllocation.Full);
        content.CopyTo(volume.Bytes, 0);
        volume.Bytes.AsSpan(0, Math.Min(HeldHead.Size, content.Length)).Clear();
        using var read = new MemoryStream();
        List<ImageRange> ends = [];

        new StoredBytes(content[..Math.Min(HeldHead.Size, content.Length)], volume, CancellationToken.None)
            .ReadParts(new ImageRange(start, start + length), part, read.Write, ends.Add);

        return read.ToArray().AsSpan().SequenceEqual(content.AsSpan(start)) && ends[0].Start == start && ends[^1].End == content.Length
            && ends.Zip(ends.Skip(1)).All(pair => pair.First.End == pair.Second.Start && pair.First.End % part == 0)
            && ends.TrueForAll(end => end.Length <= part);
    }, Count);

    private static (StoredImage Image, MemoryStore Store, long Id) Store(MemoryVolume volume, int[] lengths)
    {
        var store = new MemoryStore();
        var record = store.Add(new DownloadRecord
        {
            Volume = new VolumeId("ISO", "a.iso"),
            Url = RemoteUrl.Parse("http://host/a.iso"),
            Version = new Validator(null, null, volume.Bytes.Length),
            CreatedAt = DateTimeOffset.UnixEpoch,
        });
        var image = new StoredImage(new LiveRecord(record, store));
        image.KeepHead(volume.Bytes.AsSpan(0, HeldHead.Size));
        long start = HeldHead.Size;
        foreach (var length in lengths)
        {
            image.KeepWindow(new Window(start, length, Digest(volume, start, length)));
            start += length;
        }

        return (image, store, record.Id);
    }

    private static ulong Digest(MemoryVolume volume, long start, long length) => XxHash3.HashToUInt64(volume.Bytes.AsSpan((int)start, (int)length));

    private static List<ImageRange> Of((int Start, int Length)[] ranges, int size) =>
    [
        .. ranges.Where(range => range.Start < size).OrderBy(range => range.Start)
            .Select(range => new ImageRange(range.Start, Math.Min(size, range.Start + range.Length))),
    ];
}
