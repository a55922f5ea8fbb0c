using CsCheck;
using Kimchi.Isod.Core.Segments;
using Kimchi.Isod.Fixtures.Fuzz;

namespace Kimchi.Isod.Core.Tests.Segments;

public sealed class ReorderBufferTests
{
    // Lengths of pieces that follow each other, and the order in which they come.
    private static readonly Gen<(int[] Lengths, int Order)> Cases = Gen.Select(Gen.Int[1, 9].Array[1, 12], Gen.Int);

    [Test]
    public void Pieces_leave_in_the_order_of_their_bytes_in_whichever_order_they_come() => Cases.Holds(c =>
    {
        var buffer = new ReorderBuffer();
        var position = 0L;
        foreach (var piece in Shuffled(c.Lengths, c.Order))
        {
            buffer.Add(piece);
            while (buffer.TakeAt(position) is { } next) position = next.End;
        }

        return buffer.IsEmpty && position == c.Lengths.Sum();
    });

    [Test]
    public void Longest_runs_leave_whole_and_nothing_is_left() => Cases.Holds(c =>
    {
        var buffer = new ReorderBuffer();
        var pieces = Shuffled(c.Lengths, c.Order).Take((c.Lengths.Length + 1) / 2).ToList();
        pieces.ForEach(buffer.Add);
        List<Piece> left = [];
        var last = int.MaxValue;
        while (buffer.TakeLongestRun() is { Count: > 0 } run)
        {
            if (run.Count > last || run.Zip(run.Skip(1)).Any(pair => pair.First.End != pair.Second.Start)) return false;
            last = run.Count;
            left.AddRange(run);
        }

        return buffer.IsEmpty && left.ToHashSet().SetEquals(pieces);
    });

    private static Piece[] Shuffled(int[] lengths, int order)
    {
        List<Piece> pieces = [];
        var at = 0L;
        foreach (var length in lengths)
        {
            var piece = new Piece(new byte[length]);
            piece.Begin(at, length);
            piece.Add(length);
            pieces.Add(piece);
            at += length;
        }

        var all = pieces.ToArray();
        new Random(order).Shuffle(all);
        return all;
    }
}
