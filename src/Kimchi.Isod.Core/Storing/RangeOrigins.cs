using Kimchi.Isod.Core.State;

namespace Kimchi.Isod.Core.Storing;

/// <summary>Who has brought which bytes of an image, as far as this process has seen them come. Any thread may ask.</summary>
internal sealed class RangeOrigins
{
    private readonly Lock _gate = new();
    private readonly Dictionary<object, StoredRanges> _brought = [];

    /// <summary>Notes that bytes came from somebody, whoever had brought them before.</summary>
    public void Note(object origin, ImageRange range)
    {
        lock (_gate)
        {
            foreach (var other in _brought.Keys.Where(other => !other.Equals(origin)).ToList()) _brought[other] = _brought[other].Without(range);
            _brought[origin] = Of(origin).With(range);
        }
    }

    /// <summary>What somebody has brought.</summary>
    public StoredRanges By(object origin)
    {
        lock (_gate) return Of(origin);
    }

    /// <summary>Who has brought any of these bytes.</summary>
    public IReadOnlyList<object> Find(ImageRange range)
    {
        lock (_gate) return [.. _brought.Where(brought => brought.Value.Overlaps(range)).Select(brought => brought.Key)];
    }

    private StoredRanges Of(object origin) => _brought.GetValueOrDefault(origin) ?? StoredRanges.None;
}
