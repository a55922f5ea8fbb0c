using System.IO.Hashing;
using Kimchi.Isod.Core.Checksums;
using Kimchi.Isod.Core.State;
using Kimchi.Isod.Core.Tests.Fakes;
using Kimchi.Isod.Core.Transfer;
using Kimchi.Isod.Core.Volumes;

namespace Kimchi.Isod.Core.Tests;

/// <summary>Windows that are read back.</summary>
public sealed class WindowVerifierTests
{
    private const int Size = 100_000;

    private MemoryVolume _volume = null!;

    [SetUp]
    public void Fill()
    {
        _volume = new MemoryVolume(Size, VolumeAllocation.Full);
        new Random(1).NextBytes(_volume.Bytes);
    }

    [TearDown]
    public void Drop() => _volume.Dispose();

    [Test]
    public void Windows_next_to_each_other_are_read_in_one_stream_and_gaps_are_not_read()
    {
        var windows = Windows((0, 1_500), (1_500, 2_500), (4_000, 1), (10_000, 5_000), (15_000, 85_000));

        Assert.That(FindLost(windows), Is.Empty);

        Assert.That(_volume.Reads, Is.EqualTo(new[] { (0L, 4_001L), (10_000L, 90_000L) }));
    }

    [Test]
    public void Stream_has_a_gibibyte_at_most()
    {
        Window[] windows = [.. Enumerable.Range(0, 5).Select(n => new Window(n * (400L << 20), 400L << 20, 0))];

        Assert.That(WindowRun.Group(windows).Select(run => run.Count), Is.EqualTo(new[] { 2, 2, 1 }));
        Assert.That(WindowRun.Group([new Window(0, 3L << 30, 0), new Window(3L << 30, 1, 0)]).Select(run => run.Count), Is.EqualTo(new[] { 1, 1 }));
        Assert.That(WindowRun.Group([]), Is.Empty);
    }

    [TestCase(0, 0)]
    [TestCase(999, 0)]
    [TestCase(1_500, 1)]
    [TestCase(2_999, 1)]
    [TestCase(3_000, 2)]
    [TestCase(99_999, 3)]
    public void Window_with_a_wrong_byte_is_lost_and_no_other(int wrong, int expected)
    {
        var windows = Windows((0, 1_500), (1_500, 1_500), (3_000, 7_000), (10_000, 90_000));
        _volume.Bytes[wrong] ^= 1;

        Assert.That(FindLost(windows), Is.EqualTo(new[] { windows[expected] }));
    }

    [Test]
    public void Windows_behind_the_volumes_end_are_lost_also_the_one_that_it_cuts()
    {
        var windows = Windows((0, 1_500), (1_500, 1_500), (3_000, 7_000), (10_000, 90_000));
        _volume.Resize(2_000);

        Assert.That(FindLost(windows), Is.EqualTo(windows[1..]));
    }

    [Test]
    public void Digest_gets_what_follows_and_no_byte_of_a_lost_window()
    {
        var windows = Windows((0, 1_500), (1_500, 1_500), (3_000, 7_000), (10_000, 90_000));
        using var whole = new ImageDigest(ChecksumAlgorithm.Sha256);
        Assert.That(FindLost(windows, whole), Is.Empty);
        Assert.That((whole.Position, whole.Current()), Is.EqualTo(((long)Size, ChecksumOf(_volume.Bytes))));

        using var partly = new ImageDigest(ChecksumAlgorithm.Sha256);
        var expected = ChecksumOf(_volume.Bytes.AsSpan(0, 3_000));
        _volume.Bytes[5_000] ^= 1;
        FindLost(windows, partly);

        Assert.That((partly.Position, partly.Current()), Is.EqualTo((3_000L, expected)));
    }

    [Test]
    public void Reading_stops_in_the_middle_of_a_stream()
    {
        using var stop = new CancellationTokenSource();
        _volume.OnRead = stop.Cancel;
        Assert.That(
            () => WindowVerifier.FindLost(_volume, Windows((0, Size)), null, stop.Token), Throws.InstanceOf<OperationCanceledException>());
    }

    private static Checksum ChecksumOf(ReadOnlySpan<byte> bytes)
    {
        using var digest = new ImageDigest(ChecksumAlgorithm.Sha256);
        digest.Append(bytes);
        return digest.Current();
    }

    private IReadOnlyList<Window> FindLost(Window[] windows, ImageDigest? digest = null) =>
        WindowVerifier.FindLost(_volume, windows, digest, CancellationToken.None);

    private Window[] Windows(params (int Start, int Length)[] places) =>
        [.. places.Select(p => new Window(p.Start, p.Length, XxHash3.HashToUInt64(_volume.Bytes.AsSpan(p.Start, p.Length))))];
}
