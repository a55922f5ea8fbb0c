using Kimchi.Isod.Core.Transfer;
using Microsoft.Extensions.Time.Testing;

namespace Kimchi.Isod.Core.Tests.Fakes;

/// <summary>Transfers under limits, played on a clock that jumps from one event to the next. Every wait ends a little late, as timers do.</summary>
internal sealed class SharedWire
{
    private static readonly TimeSpan LatestWake = TimeSpan.FromMilliseconds(15);

    private readonly FakeTimeProvider _time = new();
    private readonly Random _random = new(1);
    private readonly PriorityQueue<Reader, DateTimeOffset> _events = new();
    private readonly List<(TimeSpan Time, int Reader, int Bytes)> _reads = [];
    private readonly DateTimeOffset _start;
    private int _readers;

    public SharedWire(long bytesPerSecond)
    {
        _start = _time.GetUtcNow();
        All = new RateLimit(bytesPerSecond, _time);
    }

    public RateLimit All { get; }

    public TimeSpan Now => _time.GetUtcNow() - _start;

    /// <summary>Adds a transfer that reads as soon as it may.</summary>
    /// <param name="own">The limit of its own, 0 for none.</param>
    /// <param name="packet">The bytes that it has room for.</param>
    /// <param name="network">The bytes per second that its server sends.</param>
    /// <returns>Its own limit.</returns>
    public RateLimit Add(long own = 0, int packet = 393_192, double network = 1e9)
    {
        var limit = new RateLimit(own, _time);
        _events.Enqueue(new Reader(_readers++, new Throttle(_time, limit, All), packet, network), _time.GetUtcNow());
        return limit;
    }

    /// <summary>Lets so much time pass.</summary>
    public void Run(TimeSpan duration)
    {
        var end = _time.GetUtcNow() + duration;
        while (_events.TryPeek(out _, out var at) && at < end)
        {
            var reader = _events.Dequeue();
            if (at > _time.GetUtcNow()) _time.SetUtcNow(at);
            _events.Enqueue(reader, Step(reader));
        }

        _time.SetUtcNow(end);
    }

    /// <summary>Bytes of one transfer, or of all, between two times.</summary>
    public long Sum(TimeSpan from, TimeSpan to, int? reader = null) =>
        _reads.Where(r => r.Time >= from && r.Time < to && (reader is null || r.Reader == reader)).Sum(r => (long)r.Bytes);

    /// <summary>The most bytes in any one second from a time on.</summary>
    public long Peak(TimeSpan from) =>
        _reads.Where(r => r.Time >= from).Max(first => Sum(first.Time, first.Time + TimeSpan.FromSeconds(1)));

    private DateTimeOffset Step(Reader reader)
    {
        var now = _time.GetUtcNow();
        if (reader.Asked == 0)
        {
            reader.Asked = reader.Throttle.Allow(reader.Packet);
            return now + TimeSpan.FromSeconds(reader.Asked / reader.Network);
        }

        _reads.Add((now - _start, reader.Number, reader.Asked));
        var wait = reader.Throttle.Demand(reader.Asked);
        reader.Asked = 0;
        return wait <= TimeSpan.Zero ? now : now + wait + (_random.NextDouble() * LatestWake);
    }

    private sealed class Reader(int number, Throttle throttle, int packet, double network)
    {
        public int Number => number;

        public Throttle Throttle => throttle;

        public int Packet => packet;

        public double Network => network;

        public int Asked { get; set; }
    }
}
