using Kimchi.Isod.Core.Volumes;

namespace Kimchi.Isod.Core.Downloads;

/// <summary>A name that a start has taken.</summary>
public sealed class NameReservation : IDisposable
{
    private readonly DownloadRegistry _registry;
    private readonly TaskCompletionSource _end = new(TaskCreationOptions.RunContinuationsAsynchronously);

    internal NameReservation(DownloadRegistry registry, VolumeId volume)
    {
        _registry = registry;
        Volume = volume;
    }

    /// <summary>The volume that is to have the name.</summary>
    public VolumeId Volume { get; }

    /// <summary>Bytes that the start was promised; 0 where they have been taken from the pool already.</summary>
    public long PromisedBytes { get; internal set; }

    /// <summary>Ends when the start has ended: a download has the name now, or nobody, or what is left of the start is yet to be dropped.</summary>
    internal Task End => _end.Task;

    /// <summary>Lets the name go, unless a download has it now.</summary>
    public void Dispose()
    {
        _registry.Release(this);
        _end.TrySetResult();
    }
}
