namespace Kimchi.Isod.Core.Segments;

/// <summary>The memory that all downloads together may hold pieces in: <c>downloads:buffer_memory</c>.</summary>
/// <param name="bytes">How much there is.</param>
public sealed class BufferBudget(long bytes)
{
    private readonly Lock _gate = new();
    private long _available = bytes;

    /// <summary>How much nobody has.</summary>
    public long Available => Volatile.Read(ref _available);

    /// <summary>Takes some of it.</summary>
    /// <returns>False where there is not so much left; nothing is taken then.</returns>
    internal bool TryTake(long wanted)
    {
        lock (_gate)
        {
            if (_available < wanted) return false;
            _available -= wanted;
            return true;
        }
    }

    /// <summary>Gives it back.</summary>
    internal void Give(long taken)
    {
        lock (_gate) _available += taken;
    }
}
