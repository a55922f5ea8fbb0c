using Kimchi.Isod.Core.Errors;

namespace Kimchi.Isod.Core.Transfer;

/// <summary>Bytes that a source sends although they are stored. The last of them must be the stored ones, or what follows is not the rest of
/// the same file: some servers accept REST, or a range, and send from somewhere else.</summary>
/// <param name="length">How many bytes are sent again.</param>
/// <param name="expected">The last of them as they are stored.</param>
internal sealed class Overlap(long length, ReadOnlyMemory<byte> expected)
{
    private long _left = length;

    /// <summary>No bytes are sent again.</summary>
    public static Overlap None => new(0, ReadOnlyMemory<byte>.Empty);

    /// <summary>Whether other bytes came than those that are stored.</summary>
    public bool IsRefuted { get; private set; }

    /// <summary>Takes the bytes away that are stored.</summary>
    /// <param name="packet">What has come.</param>
    /// <returns>What of it is missing.</returns>
    /// <exception cref="DownloadException">It is not what is stored (<see cref="DownloadException.IsUnusableRest"/>).</exception>
    public ReadOnlyMemory<byte> Remove(ReadOnlyMemory<byte> packet)
    {
        var count = (int)Math.Min(_left, packet.Length);
        var compared = (int)Math.Min(count, Math.Max(0, expected.Length - (_left - count)));
        var at = expected.Length - (int)(_left - count) - compared;
        if (compared > 0 && !packet.Span.Slice(count - compared, compared).SequenceEqual(expected.Span.Slice(at, compared)))
        {
            IsRefuted = true;
            throw DownloadException.UnusableRest(
                "what the server sends in front of the missing bytes is not what is stored: it sends another file, or from another byte");
        }

        _left -= count;
        return packet[count..];
    }
}
