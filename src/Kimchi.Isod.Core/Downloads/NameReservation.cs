namespace Kimchi.Isod.Core.Downloads;

/// <summary>A name that a start has taken.</summary>
public sealed class NameReservation : IDisposable
{
    private readonly DownloadRegistry _registry;

    internal NameReservation(DownloadRegistry registry, string pool, string name)
    {
        _registry = registry;
        Pool = pool;
        Name = name;
    }

    /// <summary>The pool's name.</summary>
    public string Pool { get; }

    /// <summary>The volume's name.</summary>
    public string Name { get; }

    /// <summary>Bytes that the start was promised; 0 where they have been taken from the pool already.</summary>
    public long PromisedBytes { get; internal set; }

    /// <summary>Lets the name go, unless a download has it now.</summary>
    public void Dispose() => _registry.Release(this);
}
