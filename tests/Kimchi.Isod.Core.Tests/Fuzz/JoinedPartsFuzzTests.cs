using CsCheck;
using Kimchi.Isod.Core.Remote;
using Kimchi.Isod.Fixtures.Fuzz;

namespace Kimchi.Isod.Core.Tests.Fuzz;

/// <summary>A file that comes in slices, as long as the server likes: RFC 9110, section 15.3.7.</summary>
public sealed class JoinedPartsFuzzTests
{
    private static readonly RemoteUrl Url = RemoteUrl.Parse("https://host/a.iso");

    // A start, the lengths of the slices, and how much is read at once.
    private static readonly Gen<(int Offset, int[] Slices, int ReadSize)> Cases = Gen.Select(Gen.Int[0, 50], Gen.Int[1, 40].Array[1, 12], Gen.Int[1, 50]);

    [Test]
    public void Slices_are_one_file_to_the_end_that_one_of_them_tells() => Cases.Holds(c =>
    {
        using var server = new Slicer(c.Offset, c.Slices);

        var (read, end) = server.Read(c.ReadSize, _ => true);

        return read.AsSpan().SequenceEqual(server.Content.AsSpan(c.Offset)) && end is EndEvidence.Told
            && server.OpenedAt.SequenceEqual(Starts(c.Offset, c.Slices)) && server.OpenParts == 0;
    });

    [Test]
    public void Slice_of_another_file_or_from_another_byte_is_not_joined_and_the_end_is_not_told() =>
        Gen.Select(Cases.Where(c => c.Slices.Length > 1), Gen.Int[0, 1000], Gen.Int[-1, 1]).Holds(
            c =>
            {
                var ((offset, slices, readSize), which, shift) = c;
                var foreign = 1 + (which % (slices.Length - 1));
                var start = (int)Starts(offset, slices)[foreign];
                using var server = new Slicer(offset, slices) { Shift = at => at == start ? shift : 0 };

                var (read, end) = server.Read(readSize, part => shift != 0 || part.SourceOffset != start);

                return read.AsSpan().SequenceEqual(server.Content.AsSpan(offset..start)) && end is EndEvidence.Part && server.OpenParts == 0;
            });

    [Test]
    public void Part_without_a_byte_ends_the_file_and_is_not_asked_for_again() => Cases.Holds(c =>
    {
        using var server = new Slicer(c.Offset, [.. c.Slices, 0]) { TellsEnd = false };

        var (read, end) = server.Read(c.ReadSize, _ => true);

        return read.AsSpan().SequenceEqual(server.Content.AsSpan(c.Offset)) && end is EndEvidence.Part && server.OpenedAt.Count == c.Slices.Length + 1;
    });

    [Test]
    public void Nothing_is_asked_for_behind_the_end_that_is_wanted() => Cases.Holds(c =>
    {
        var end = Starts(c.Offset, c.Slices)[^1];
        using var server = new Slicer(c.Offset, c.Slices) { Wanted = end };
        if (end == c.Offset) return true;

        server.Read(c.ReadSize, _ => true);

        return server.OpenedAt.TrueForAll(at => at < end) && server.OpenParts == 0;
    });

    private static List<long> Starts(int offset, int[] slices) => [.. slices.Select((_, i) => (long)offset + slices.Take(i).Sum())];

    /// <summary>A server whose replies end where its list of slices says.</summary>
    private sealed class Slicer(int offset, int[] slices) : IDisposable
    {
        private readonly MemoryStream _read = new();
        private int _next;

        public byte[] Content { get; } = [.. Enumerable.Range(0, offset + slices.Sum()).Select(i => (byte)(i * 31 / 7))];

        public List<long> OpenedAt { get; } = [];

        /// <summary>How far the reply to a request for a byte is off.</summary>
        public Func<long, int> Shift { get; init; } = _ => 0;

        public bool TellsEnd { get; init; } = true;

        public long? Wanted { get; init; }

        public int OpenParts { get; private set; }

        public (byte[] Read, EndEvidence End) Read(int readSize, Func<IRemoteFile, bool> isSameFile)
        {
            var file = new JoinedParts(Open(offset), (at, _) => Task.FromResult<IRemoteFile>(Open(at)), isSameFile, Wanted);
            var buffer = new byte[readSize];
            for (int count; (count = file.ReadAsync(buffer, CancellationToken.None).AsTask().GetAwaiter().GetResult()) > 0;) _read.Write(buffer, 0, count);
            var end = file.End;
            file.DisposeAsync().AsTask().GetAwaiter().GetResult();
            return (_read.ToArray(), end);
        }

        public void Dispose() => _read.Dispose();

        private Part Open(long at)
        {
            OpenedAt.Add(at);
            OpenParts++;
            var isLast = ++_next == slices.Length;
            var info = new RemoteFileInfo(new Validator("\"1\"", null, null), true, [], Url, null);
            return new Part(this, info, (int)at + Shift(at), slices[_next - 1], isLast && TellsEnd ? EndEvidence.Told : EndEvidence.Part);
        }

        private sealed class Part(Slicer server, RemoteFileInfo info, int offset, int length, EndEvidence end) : IRemoteFile
        {
            private readonly int _end = offset + length;
            private int _position = offset;

            public RemoteFileInfo Info => info;

            public long SourceOffset { get; } = offset;

            public EndEvidence End => end;

            public ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken)
            {
                var count = Math.Min(buffer.Length, Math.Min(_end, server.Content.Length) - _position);
                server.Content.AsMemory(_position, count).CopyTo(buffer);
                _position += count;
                return ValueTask.FromResult(count);
            }

            public ValueTask DisposeAsync()
            {
                server.OpenParts--;
                return ValueTask.CompletedTask;
            }
        }
    }
}
