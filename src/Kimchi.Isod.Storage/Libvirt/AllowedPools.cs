namespace Kimchi.Isod.Storage.Libvirt;

/// <summary>The pools that downloads may go to: <see cref="PoolOptions.Allowed"/>, which may change while the daemon runs.</summary>
/// <param name="names">Their names at first.</param>
public sealed class AllowedPools(IReadOnlyList<string> names)
{
    private volatile IReadOnlyList<string> _names = names;

    /// <summary>Their names.</summary>
    public IReadOnlyList<string> Names
    {
        get => _names;
        set => _names = value;
    }
}
