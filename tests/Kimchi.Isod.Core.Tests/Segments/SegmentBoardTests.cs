using Kimchi.Isod.Core.Segments;
using Kimchi.Isod.Core.State;
using Microsoft.Extensions.Time.Testing;

namespace Kimchi.Isod.Core.Tests.Segments;

/// <summary>When pieces leave the memory although bytes before them are missing.</summary>
public sealed class SegmentBoardTests
{
    private readonly FakeTimeProvider _time = new();

    [Test]
    public void Piece_behind_a_slow_connection_leaves_after_two_seconds()
    {
        using var board = Begin(pieces: 8, out _, out var second);
        Bring(board, second);

        Assert.That(board.Next(0, TimeSpan.Zero), Is.Null);
        _time.Advance(TimeSpan.FromSeconds(2));

        Assert.That(board.Next(0, TimeSpan.Zero), Has.Property(nameof(SegmentWork.IsBehind)).True);
    }

    [Test]
    public void Pieces_behind_a_slow_connection_leave_together()
    {
        using var board = Begin(pieces: 8, out _, out var second);
        for (var i = 0; i < 3; i++) Bring(board, second);
        _time.Advance(TimeSpan.FromSeconds(2));

        Assert.That(board.Next(0, TimeSpan.Zero)?.Pieces.Select(piece => piece.Start), Is.EqualTo(new[] { 400, 500, 600 }));
        Assert.That(board.Next(0, TimeSpan.Zero), Is.Null);
    }

    [Test]
    public void Piece_that_is_next_does_not_wait()
    {
        using var board = Begin(pieces: 8, out var first, out var second);
        Bring(board, second);
        Bring(board, first);

        Assert.That(board.Next(0, TimeSpan.Zero), Has.Property(nameof(SegmentWork.IsBehind)).False);
        Assert.That(board.Next(100, TimeSpan.Zero), Is.Null);
    }

    [Test]
    public void Of_too_many_the_slowest_leaves_at_once()
    {
        using var board = Begin(pieces: 8, out var first, out var second);
        Bring(board, second);
        board.ShortenFirst();
        _time.Advance(TimeSpan.FromSeconds(1));

        board.Want(1);

        Assert.That(first.Stop.IsCancellationRequested, "it has brought nothing");
        Assert.That(second.Stop.IsCancellationRequested, Is.False);
    }

    [Test]
    public void First_one_stays_as_long_as_others_are_on_trial()
    {
        using var board = Begin(pieces: 8, out var first, out var second);
        Bring(board, second);
        _time.Advance(TimeSpan.FromSeconds(1));

        board.Want(1);

        Assert.That(first.Stop.IsCancellationRequested, Is.False);
        Assert.That(second.Stop.IsCancellationRequested);
    }

    [Test]
    public void Memory_of_what_was_stored_is_used_again()
    {
        using var board = Begin(pieces: 1, out var first, out _);
        for (var position = 0; position < 400; position += 100)
        {
            Bring(board, first);
            board.Release(board.Next(position, TimeSpan.Zero)!.Pieces);
        }

        Assert.That(first.Next, Is.EqualTo(400));
    }

    private static void Bring(SegmentBoard board, SegmentRun run)
    {
        var piece = board.BeginPiece(run)!;
        piece.Free.Span.Fill((byte)(piece.Start / 100));
        piece.Add(piece.Capacity);
        board.EndPiece(run);
    }

    private SegmentBoard Begin(int pieces, out SegmentRun first, out SegmentRun second)
    {
        var board = new SegmentBoard([new ImageRange(0, 1200)], new SegmentSizes(100, 400), _time);
        board.AddMemory(pieces);
        board.Want(2);
        var line = board.Join("host");
        first = board.TakeFirst(line);
        second = board.TakeRun(board.Join("host"))!;
        return board;
    }
}
