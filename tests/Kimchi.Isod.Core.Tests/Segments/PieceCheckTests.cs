using System.Security.Cryptography;
using CsCheck;
using Kimchi.Isod.Core.Checksums;
using Kimchi.Isod.Core.Metalinks;
using Kimchi.Isod.Core.Segments;
using Kimchi.Isod.Fixtures.Fuzz;

namespace Kimchi.Isod.Core.Tests.Segments;

public sealed class PieceCheckTests
{
    // The size of an image, the length of the hashed pieces, where a buffer begins, its length, and which of its bytes is wrong.
    private static readonly Gen<(int Size, int Hashed, int Start, int Length, int Wrong)> Cases =
        Gen.Select(Gen.Int[1, 300], Gen.Int[1, 60], Gen.Int[0, 299], Gen.Int[1, 200], Gen.Int[0, 199]);

    [Test]
    public void Right_bytes_pass_wherever_a_buffer_begins_and_ends() => Cases.Holds(c =>
    {
        var (check, piece, _) = Make(c.Size, c.Hashed, c.Start, c.Length);

        return check.FindWrong(piece) is null;
    });

    [Test]
    public void Wrong_byte_is_found_where_all_of_its_piece_is_there() => Cases.Holds(c =>
    {
        var (check, piece, memory) = Make(c.Size, c.Hashed, c.Start, c.Length);
        var at = c.Wrong % piece.Length;
        memory[at] ^= 1;
        var start = (piece.Start + at) / c.Hashed * c.Hashed;
        var isThere = start >= piece.Start && Math.Min(start + c.Hashed, c.Size) <= piece.End;

        return check.FindWrong(piece) == (isThere ? start : null);
    });

    [Test]
    public void Runs_and_buffers_end_where_hashed_pieces_do()
    {
        var sizes = SegmentSizes.For(rate: 3 << 20, connections: 4, available: 64 << 20, hashed: 256 << 10);

        Assert.That(sizes.Piece % (256 << 10), Is.Zero);
        Assert.That(sizes.Cut(100, 100 + sizes.Piece) % (256 << 10), Is.Zero);
        Assert.That(sizes.Cut(100, 200), Is.EqualTo(200), "where none ends in between, anywhere");
    }

    [TestCase(0)]
    [TestCase(5 << 20)]
    public void Without_hashes_and_with_pieces_that_are_too_long_for_memory_anywhere_will_do(long hashed)
    {
        var sizes = SegmentSizes.For(rate: 100 << 20, connections: 16, available: 64 << 20, hashed);

        Assert.That(sizes.Alignment, Is.Zero);
        Assert.That(16L * SegmentSizes.PiecesOfEach * sizes.Piece, Is.LessThanOrEqualTo(64 << 20));
    }

    private static (PieceCheck Check, Piece Piece, byte[] Memory) Make(int size, int hashed, int start, int length)
    {
        var image = new byte[size];
        new Random(size).NextBytes(image);
        var hashes = new PieceHashes(ChecksumAlgorithm.Sha256, hashed, image.Chunk(hashed).SelectMany(SHA256.HashData).ToArray());
        start %= size;
        var memory = new byte[Math.Min(length, size - start)];
        var piece = new Piece(memory);
        piece.Begin(start, memory.Length);
        image.AsSpan(start, memory.Length).CopyTo(piece.Free.Span);
        piece.Add(memory.Length);
        return (new PieceCheck(hashes, size), piece, memory);
    }
}
