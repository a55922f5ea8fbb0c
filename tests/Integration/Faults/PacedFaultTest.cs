using Kimchi.Isod.Fixtures.Wire;

namespace Kimchi.Isod.Integration.Tests.Faults;

/// <summary>A test with servers that send slowly, so that a download wants several connections.</summary>
public abstract class PacedFaultTest : FaultTest
{
    private const int Block = 64 << 10;

    private static readonly TimeSpan Pace = TimeSpan.FromMilliseconds(30);

    /// <summary>A file that takes one connection 8 seconds.</summary>
    private protected static byte[] Long { get; } = Make(3, 16_000_000);

    /// <summary>Another version of it, of the same length.</summary>
    private protected static byte[] LongOther { get; } = Make(4, 16_000_000);

    /// <summary>Serves what is asked for, as a good server does, block by block.</summary>
    private protected static async Task ServePacedAsync(WireExchange exchange, byte[] content, params string[] headers)
    {
        var start = (int)(exchange.Request.RangeStart ?? 0);
        await exchange.ServeUpToAsync(content, start, headers);
        await SendPacedAsync(exchange, content, start, (int)Math.Min(content.Length, (exchange.Request.RangeEnd ?? long.MaxValue - 1) + 1));
    }

    /// <summary>Sends bytes, block by block.</summary>
    private protected static async Task SendPacedAsync(WireExchange exchange, byte[] content, int start, int end)
    {
        for (var at = start; at < end; at += Block)
        {
            await exchange.WriteAsync(content.AsMemory(at, Math.Min(Block, end - at)));
            await Task.Delay(Pace, exchange.Stopped);
        }
    }

    private static byte[] Make(int seed, int size)
    {
        var content = new byte[size];
        new Random(seed).NextBytes(content);
        return content;
    }
}
