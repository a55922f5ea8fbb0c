using System.IO.Hashing;
using Kimchi.Isod.Core.Checksums;
using Kimchi.Isod.Core.State;
using Kimchi.Isod.Core.Volumes;

namespace Kimchi.Isod.Core.Transfer;

/// <summary>Windows that follow each other without a gap, read back in one go: one stream's round trips for all of them. Blocks.</summary>
/// <param name="windows">The windows, at least one.</param>
/// <param name="digest">Gets the bytes that follow those it has, or null.</param>
internal sealed class WindowRun(IReadOnlyList<Window> windows, ImageDigest? digest)
{
    // libvirt's client keeps what it was sent and nobody has read yet: so much at most is asked for at once.
    private const long MaxLength = 1L << 30;

    private readonly XxHash3 _found = new();
    private readonly List<Window> _lost = [];
    private int _index;
    private long _left;
    private ImageDigest? _following;

    /// <summary>Puts windows that are next to each other together.</summary>
    /// <param name="windows">The windows in the order of their bytes.</param>
    public static IEnumerable<IReadOnlyList<Window>> Group(IEnumerable<Window> windows)
    {
        List<Window> run = [];
        foreach (var window in windows)
        {
            if (run.Count > 0 && (run[^1].End != window.Start || window.End - run[0].Start > MaxLength))
            {
                yield return run;
                run = [];
            }

            run.Add(window);
        }

        if (run.Count > 0) yield return run;
    }

    /// <summary>Reads them.</summary>
    /// <returns>Those that are not in the volume as they were written.</returns>
    public IReadOnlyList<Window> FindLost(IVolume volume, CancellationToken cancellationToken)
    {
        Begin();
        volume.Read(windows[0].Start, windows[^1].End - windows[0].Start, piece =>
        {
            cancellationToken.ThrowIfCancellationRequested();
            Take(piece);
        });
        while (_index < windows.Count) End(isStored: false); // The volume is shorter.
        return _lost;
    }

    private void Take(ReadOnlySpan<byte> piece)
    {
        while (piece.Length > 0)
        {
            var part = piece[..(int)Math.Min(piece.Length, _left)];
            _found.Append(part);
            _following?.Append(part);
            _left -= part.Length;
            piece = piece[part.Length..];
            if (_left == 0) End(_found.GetCurrentHashAsUInt64() == windows[_index].Digest);
        }
    }

    private void Begin()
    {
        if (_index == windows.Count) return;
        _found.Reset();
        _left = windows[_index].Length;
        _following = digest?.Position == windows[_index].Start ? digest : null;
    }

    private void End(bool isStored)
    {
        if (isStored)
        {
            _following?.Checkpoint();
        }
        else
        {
            _following?.Rewind(windows[_index].Start);
            _lost.Add(windows[_index]);
        }

        _index++;
        Begin();
    }
}
