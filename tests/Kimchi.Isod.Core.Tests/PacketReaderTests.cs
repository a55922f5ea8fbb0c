using Kimchi.Isod.Core.Errors;
using Kimchi.Isod.Core.Remote;
using Kimchi.Isod.Core.Transfer;
using Microsoft.Extensions.Time.Testing;

namespace Kimchi.Isod.Core.Tests;

/// <summary>Packets of ten bytes, from a file whose reads end when a test says so.</summary>
[FixtureLifeCycle(LifeCycle.InstancePerTestCase)]
public sealed class PacketReaderTests : IDisposable
{
    private const int PacketSize = 10;

    private readonly HandFedFile _file = new();
    private readonly FakeTimeProvider _time = new();
    private readonly CancellationTokenSource _stop = new();
    private Throttle? _throttle;

    public void Dispose()
    {
        _throttle?.Dispose();
        _stop.Dispose();
        _file.DisposeAsync().AsTask().GetAwaiter().GetResult();
    }

    [Test]
    public void Reads_are_gathered_to_packets_and_the_last_comes_with_the_end()
    {
        using var reader = Open();
        _file.Give(4, 4, 2, 3, 0);

        Assert.That(Next(reader), Is.EqualTo(PacketSize));
        Assert.That(reader.IsAtEnd, Is.False);
        Assert.That(Next(reader), Is.EqualTo(3));
        Assert.That(reader.IsAtEnd);
    }

    [Test]
    public void Nothing_is_given_when_nothing_came_in_time()
    {
        using var reader = Open();
        Assert.That(reader.Next(TimeSpan.Zero).Length, Is.Zero);
        Assert.That(reader.IsAtEnd, Is.False);

        _file.Give(3, 0);

        Assert.That(Next(reader), Is.EqualTo(3));
    }

    [Test]
    public void Bytes_are_given_while_the_next_read_is_in_flight_and_that_read_lands_behind_them()
    {
        using var reader = Open();
        _file.Give(3);
        _file.AfterRead = () => _time.Advance(TimeSpan.FromSeconds(1));
        Assert.That(Contents(reader), Is.EqualTo(new byte[] { 1, 2, 3 }));
        Assert.That(reader.Next(TimeSpan.Zero).Length, Is.Zero);

        _file.Give(2, 0);

        Assert.That(Contents(reader), Is.EqualTo(new byte[] { 4, 5 }));
    }

    [Test]
    public void Failure_comes_after_the_bytes_before_it()
    {
        using var reader = Open();
        _file.Give(3);
        _file.Fail(DownloadException.Transient(DownloadErrorKind.RemoteUnreadable, "reset"));

        Assert.That(Next(reader), Is.EqualTo(3));
        Assert.That(() => Next(reader), Throws.TypeOf<DownloadException>());
    }

    [Test]
    public void Stop_comes_after_the_bytes_before_it()
    {
        using var reader = Open();
        _file.AfterRead = _stop.Cancel;
        _file.Give(3);

        Assert.That(Next(reader), Is.EqualTo(3));
        Assert.That(() => Next(reader), Throws.InstanceOf<OperationCanceledException>());
    }

    [Test]
    public void Stop_ends_a_read_in_flight()
    {
        using var reader = Open();
        Assert.That(reader.Next(TimeSpan.Zero).Length, Is.Zero);

        _stop.Cancel();

        Assert.That(() => Next(reader), Throws.InstanceOf<OperationCanceledException>());
    }

    [Test]
    public void Full_packet_is_given_before_its_bytes_are_paid_for_and_the_next_waits()
    {
        using var reader = Open(bytesPerSecond: 10 * PacketSize);
        _file.Give(PacketSize, 5, 0);
        Assert.That(Next(reader), Is.EqualTo(PacketSize));
        Assert.That(reader.Next(TimeSpan.Zero).Length, Is.Zero, "a tenth of a second's worth was read");

        _time.Advance(TimeSpan.FromSeconds(0.1));

        Assert.That(Next(reader), Is.EqualTo(5));
    }

    [Test]
    public void Disposing_waits_until_the_read_in_flight_has_let_go_of_the_buffer()
    {
        using (var reader = Open()) Assert.That(reader.Next(TimeSpan.Zero).Length, Is.Zero);
        Assert.That(_file.IsReading, Is.False);
    }

    private PacketReader Open(long bytesPerSecond = 0)
    {
        _throttle = new Throttle(_time, new RateLimit(bytesPerSecond, _time));
        return new PacketReader(_file, PacketSize, _throttle, _time, _stop.Token);
    }

    private static int Next(PacketReader reader) => reader.Next(TimeSpan.FromSeconds(30)).Length;

    private static byte[] Contents(PacketReader reader) => reader.Next(TimeSpan.FromSeconds(30)).ToArray();

    /// <summary>Counts its bytes up from 1.</summary>
    private sealed class HandFedFile : IRemoteFile
    {
        private readonly SemaphoreSlim _given = new(0);
        private readonly Queue<Func<int>> _results = [];
        private byte _last;

        public RemoteFileInfo Info => throw new NotSupportedException();

        public EndEvidence End => EndEvidence.Told;

        public long SourceOffset => 0;

        public bool IsReading { get; private set; }

        public Action AfterRead { get; set; } = () => { };

        public void Give(params int[] counts)
        {
            foreach (var count in counts) Add(() => count);
        }

        public void Fail(Exception failure) => Add(() => throw failure);

        public async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken)
        {
            IsReading = true;
            try
            {
                await _given.WaitAsync(cancellationToken);
                int count;
                lock (_results) count = Math.Min(_results.Dequeue()(), buffer.Length);
                for (var i = 0; i < count; i++) buffer.Span[i] = ++_last;
                AfterRead();
                return count;
            }
            finally
            {
                IsReading = false;
            }
        }

        public ValueTask DisposeAsync()
        {
            _given.Dispose();
            return ValueTask.CompletedTask;
        }

        private void Add(Func<int> result)
        {
            lock (_results) _results.Enqueue(result);
            _given.Release();
        }
    }
}
