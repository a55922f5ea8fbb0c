namespace Kimchi.Isod.Core.Segments;

/// <summary>The pieces that a transfer has memory for. Changes under the lock of <see cref="SegmentBoard"/>.</summary>
/// <param name="length">The most bytes of a piece.</param>
internal sealed class PieceStock(int length) : IDisposable
{
    private readonly Stack<Piece> _spare = [];
    private readonly List<MappedMemory> _memory = [];
    private int _unmade;

    /// <summary>Adds memory for so many pieces.</summary>
    public void Add(int pieces) => _unmade += pieces;

    /// <summary>Takes a piece; null where all are in use.</summary>
    public Piece? Take()
    {
        if (_spare.TryPop(out var spare)) return spare;
        if (_unmade == 0) return null;
        _unmade--;
        var memory = new MappedMemory(length);
        _memory.Add(memory);
        return new Piece(memory.Memory);
    }

    /// <summary>Takes a piece back that nobody uses any more.</summary>
    public void Return(Piece piece) => _spare.Push(piece);

    /// <summary>Gives the memory of all pieces back to the system.</summary>
    public void Dispose()
    {
        foreach (var memory in _memory) ((IDisposable)memory).Dispose();
    }
}
