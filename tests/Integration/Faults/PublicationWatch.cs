using System.Collections.Concurrent;
using Kimchi.Isod.Fixtures;

namespace Kimchi.Isod.Integration.Tests.Faults;

/// <summary>Looks at a pool's volumes all the time: one whose head is there must have all that is behind it.</summary>
internal sealed class PublicationWatch : IAsyncDisposable
{
    private const int HeadSize = 64 * 1024;
    private static readonly TimeSpan Interval = TimeSpan.FromMilliseconds(5);

    private readonly ConcurrentDictionary<string, byte[]> _expected = new();
    private readonly CancellationTokenSource _stop = new();
    private readonly string _pool;
    private readonly Task _watching;

    /// <summary>Starts to look.</summary>
    public PublicationWatch(string pool)
    {
        _pool = pool;
        _watching = Task.Run(WatchAsync, CancellationToken.None);
    }

    /// <summary>Tells what an image must be.</summary>
    public void Expect(string name, byte[] content) => _expected[name] = content;

    /// <summary>Looks at an image no more.</summary>
    public void Forget(string name) => _expected.TryRemove(name, out _);

    /// <summary>Looks now.</summary>
    /// <exception cref="InvalidOperationException">What is published is not whole, or was not at any time before.</exception>
    public void Check()
    {
        foreach (var (name, content) in _expected) Check(Path.Combine(_pool, name), content);
        if (_watching.IsFaulted) _watching.GetAwaiter().GetResult();
    }

    /// <summary>Whether a file is an image, its head having come at least in part.</summary>
    /// <exception cref="InvalidOperationException">It is, and something behind its head is missing or wrong.</exception>
    public static bool Check(string path, byte[] content)
    {
        try
        {
            using var file = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);
            var head = new byte[Math.Min(HeadSize, content.Length)];
            _ = file.ReadAtLeast(head, head.Length, throwOnEndOfStream: false);
            if (VolumeStart.HidesImage(head)) return false;
            // The rest is read after the head has been seen, so a head that comes too early does not escape.
            var rest = new byte[content.Length - head.Length];
            var read = file.ReadAtLeast(rest, rest.Length, throwOnEndOfStream: false);
            var same = rest.AsSpan(0, read).CommonPrefixLength(content.AsSpan(head.Length));
            if (same == rest.Length && file.Length == content.Length) return true;
            throw new InvalidOperationException(
                $"{path} is published and not whole: it has {file.Length} of {content.Length} bytes, the first wrong one at {head.Length + same}");
        }
        catch (FileNotFoundException)
        {
            return false;
        }
    }

    /// <summary>Stops.</summary>
    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        await _watching.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        _stop.Dispose();
    }

    private async Task WatchAsync()
    {
        while (!_stop.IsCancellationRequested)
        {
            foreach (var (name, content) in _expected) Check(Path.Combine(_pool, name), content);
            await Task.Delay(Interval, _stop.Token).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }
}
