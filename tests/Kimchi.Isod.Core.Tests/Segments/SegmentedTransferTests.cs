using System.Security.Cryptography;
using CsCheck;
using Kimchi.Isod.Core.Checksums;
using Kimchi.Isod.Core.Errors;
using Kimchi.Isod.Core.Options;
using Kimchi.Isod.Core.Remote;
using Kimchi.Isod.Core.Segments;
using Kimchi.Isod.Core.State;
using Kimchi.Isod.Core.Tests.Fakes;
using Kimchi.Isod.Core.Transfer;
using Kimchi.Isod.Core.Volumes;
using Kimchi.Isod.Fixtures.Fuzz;

namespace Kimchi.Isod.Core.Tests.Segments;

/// <summary>Several connections fill one image, whatever order their bytes come in, and however often they fail or are stopped.</summary>
public sealed class SegmentedTransferTests
{
    private const int Count = 60;

    private static readonly Gen<SegmentCase> Cases = Gen.Select(
        Gen.Int[1, 6000], Gen.Int[5, 400], Gen.Int[1, 6], Gen.Int[1, 6], Gen.Int[0, 60], Gen.Int[0, 15], Gen.Int[0, 4000], Gen.Int,
        (length, piece, runs, connections, readFailures, openFailures, stop, seed) =>
            new SegmentCase(length, piece, piece * runs, connections, readFailures, openFailures, stop, seed));

    [Test]
    public void Every_byte_is_stored_once_and_the_digest_is_that_of_the_image() => Cases.Holds(
        c =>
    {
        using var image = new Image(c);
        for (var round = 0; image.Missing.Count > 0; round++)
        {
            if (round == 50) image.Server.FailsNoMore();
            image.ForgetRefusals();
            image.Transfer(stopAt: round < 50 ? c.StopAt : 0);
        }

        return image.IsRight;
    }, Count);

    [Test]
    public void Memory_is_given_back_and_no_connection_is_left() => Cases.Holds(
        c =>
    {
        using var image = new Image(c);

        image.Transfer(c.StopAt);

        return image.Memory.Available == Image.AllMemory && image.Server.OpenFiles == image.KeptFiles && image.Hosts.HasRoom("host");
    }, Count);

    [Test]
    public void Without_memory_nothing_is_fetched_and_the_file_stays_open()
    {
        using var image = new Image(new SegmentCase(1000, 100, 400, 4, 0, 0, 0, 1), memory: 10);

        Assert.That(image.Transfer(0), Is.EqualTo(TransferEnd.Enough));
        Assert.That(image.Server.OpenFiles, Is.EqualTo(1));
        Assert.That(image.Ramp.Level, Is.EqualTo(1));
    }

    [Test]
    public void Server_that_sends_no_parts_is_asked_by_one_connection_only()
    {
        using var image = new Image(new SegmentCase(200_000, 100, 200_000, 4, 0, 0, 0, 1));
        image.Server.Refusal = DownloadException.UnusableRest("no parts");

        Assert.That(image.Transfer(0), Is.EqualTo(TransferEnd.Enough));
        Assert.That(image.IsFileKept && image.KeptIsRight, "the connection that there is goes on");
        image.Ramp.Note(long.MaxValue, isLimited: false);

        Assert.That(image.Ramp.Level, Is.EqualTo(1));
        Assert.That(image.Hosts.TryAdd("host") && image.Hosts.TryAdd("host"), "nothing is held against the server");
    }

    [TestCase(1)]
    [TestCase(2)]
    public void Server_gets_no_more_connections_than_it_is_to_have(int most)
    {
        using var image = new Image(new SegmentCase(200_000, 100, 400, 4, 0, 0, 0, 1));
        image.Server.MostConnections = most;

        image.Transfer(0);

        Assert.That(image.Server.ConnectionsAtOnce, Is.EqualTo(most));
    }

    [Test]
    public void Server_that_refuses_a_further_connection_keeps_those_it_has_and_is_not_asked_again()
    {
        using var image = new Image(new SegmentCase(200_000, 100, 400, 4, 0, 0, 0, 1));
        image.Server.MostOpen = 1;

        Assert.That(image.Transfer(0), Is.EqualTo(TransferEnd.Enough));
        using var other = image.Hosts.Count("host");

        Assert.That(image.Hosts.TryAdd("host"), Is.False);
        Assert.That(image.Server.Refused, Is.InRange(1, 4));
    }

    private sealed class Image : ITransferListener, IDisposable
    {
        public const long AllMemory = 1 << 20;

        private readonly SegmentCase _case;
        private readonly MemoryVolume _volume;
        private readonly List<Window> _windows = [];
        private readonly List<IRemoteFile> _kept = [];
        private readonly ImageDigest _digest = new(ChecksumAlgorithm.Sha256);
        private StoredRanges _stored = StoredRanges.UpTo(ImageHead);
        private CancellationTokenSource _stop = new();
        private long _received;
        private long _stopAt;

        public Image(SegmentCase c, long memory = AllMemory)
        {
            _case = c;
            Content = new byte[ImageHead + c.Length];
            new Random(c.Seed).NextBytes(Content);
            _volume = new MemoryVolume(Content.Length, VolumeAllocation.Full);
            Content.AsSpan(0, ImageHead).CopyTo(_volume.Bytes);
            Server = new SegmentServer(c, Content);
            Memory = new BufferBudget(memory);
            _digest.Append(Content.AsSpan(0, ImageHead));
            _digest.Checkpoint();
        }

        public byte[] Content { get; }

        public SegmentServer Server { get; }

        public BufferBudget Memory { get; }

        public HostConnections Hosts { get; private set; } = new(16, TimeProvider.System);

        public ConnectionRamp Ramp { get; private set; } = new(1, TimeProvider.System);

        public bool IsFileKept { get; private set; }

        public bool KeptIsRight { get; private set; } = true;

        public int KeptFiles => _kept.Count;

        public List<ImageRange> Missing => [.. _stored.Gaps(Content.Length).Select(gap => new ImageRange(gap.Start, gap.End!.Value))];

        public bool IsRight => KeptIsRight && _volume.Bytes.AsSpan().SequenceEqual(Content) && _windows.Sum(window => window.Length) == _case.Length
            && (_digest.Position < Content.Length || _digest.Current().ToString().EndsWith(Convert.ToHexStringLower(SHA256.HashData(Content)), StringComparison.Ordinal));

        private static int ImageHead => Images.HeldHead.Size;

        // Else one connection would go on where a download does so by itself.
        public void ForgetRefusals() => Hosts = new(16, TimeProvider.System);

        public TransferEnd? Transfer(int stopAt)
        {
            _stop.Dispose();
            _stop = new CancellationTokenSource();
            (_received, _stopAt) = (0, stopAt);
            Ramp = new ConnectionRamp(_case.Connections, TimeProvider.System, Math.Max(2, _case.Connections));
            _digest.Rewind(_stored.ContiguousEnd);
            var gap = _stored.Gaps(Content.Length).First();
            using var counted = Hosts.Count(Server.Host);
            using var storage = new WindowedStorage(
                _volume, gap, Content[..ImageHead], new DigestFollower(_digest), this, new DownloadOptions(), TimeProvider.System, CancellationToken.None);
            var services = new SegmentServices(Hosts, Memory, [], TimeProvider.System);
            var transfer = new SegmentedTransfer([Server], services, Ramp, this);
            try
            {
                var file = Server.OpenFrom(gap.Start, Content.Length);
                var end = transfer.Run(file, storage, Missing, new SegmentSizes(_case.Piece, _case.Run), _stop.Token);
                IsFileKept = transfer.IsFileKept;
                if (IsFileKept) KeptIsRight &= ((SegmentServer.Part)file).Position == storage.Position;
                if (IsFileKept) _kept.Add(file);
                return end;
            }
            catch (DownloadException e) when (e.IsTransient)
            {
                return null;
            }
        }

        public void BytesReceived(int count)
        {
            if (Interlocked.Add(ref _received, count) >= _stopAt && _stopAt > 0) _stop.Cancel();
        }

        public void HeadReceived(ReadOnlySpan<byte> head) => Assert.Fail("the head is there");

        public void MakeRoom(long end) => Assert.Fail("the size is known");

        public void Connected(int connections) => Assert.That(connections, Is.LessThanOrEqualTo(Math.Max(2, _case.Connections)));

        public void WindowStored(Window window)
        {
            if (_windows.Exists(other => other.Start < window.End && window.Start < other.End)) throw new InvalidOperationException($"{window} is stored twice");
            _windows.Add(window);
            _stored = _stored.With(window.Range);
            _digest.Checkpoint();
        }

        public MissingRange? NextMissing()
        {
            if (_digest.Position < _stored.ContiguousEnd)
            {
                _volume.Read(_digest.Position, _stored.ContiguousEnd - _digest.Position, _digest.Append);
                _digest.Checkpoint();
            }

            return _stored.Gaps(Content.Length).FirstOrDefault();
        }

        public void Dispose()
        {
            _volume.Dispose();
            _digest.Dispose();
            _stop.Dispose();
        }
    }
}
