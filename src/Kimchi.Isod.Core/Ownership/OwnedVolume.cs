using Kimchi.Isod.Core.Errors;
using Kimchi.Isod.Core.State;
using Kimchi.Isod.Core.Transfer;
using Kimchi.Isod.Core.Volumes;

namespace Kimchi.Isod.Core.Ownership;

/// <summary>
/// The volume of a download, which nothing is written to without proof that it is still the download's. Others delete volumes and make
/// new ones under their names at any time. Blocks.
/// </summary>
/// <param name="volume">The volume that has the name.</param>
/// <param name="record">The download as it is now.</param>
/// <param name="store">Has the head of an image that is being published.</param>
/// <param name="isOnlyPublished">Whether only its head speaks for it: <see cref="VolumeOwner.Published"/>.</param>
/// <param name="guard">Looks for the writes of others; null where nothing is stored that they could spoil.</param>
internal sealed class OwnedVolume(
    IVolume volume, Func<DownloadRecord> record, IDownloadStore store, bool isOnlyPublished, WriteGuard? guard = null) : IVolume, IAsyncDisposable
{
    /// <summary>Whether all windows must be read back before it counts as the download's.</summary>
    public bool IsOnlyPublished { get; } = isOnlyPublished;

    /// <summary>Whether somebody else was found to have written to it since it was opened.</summary>
    public bool IsDisturbed => guard is { IsDisturbed: true };

    public bool IsZeroed => volume.IsZeroed;

    public long GetCapacity() => volume.GetCapacity();

    /// <inheritdoc/>
    /// <remarks>The upload is opened first and the owner is looked at then: what the upload writes to is what was looked at, or older.</remarks>
    /// <exception cref="DownloadException">It is not the download's any more (<see cref="DownloadErrorKind.VolumeLost"/>).</exception>
    public IVolumeUpload BeginUpload(long offset, long length)
    {
        guard?.CheckIdle();
        var upload = volume.BeginUpload(offset, length);
        if (guard is not null) upload = new GuardedUpload(upload, guard);
        try
        {
            Require();
            return upload;
        }
        catch
        {
            upload.Dispose();
            throw;
        }
    }

    public void Read(long offset, long length, VolumeReader read) => volume.Read(offset, length, read);

    public VolumeAllocation Settle(long capacity)
    {
        Require();
        guard?.CheckIdle();
        var allocation = volume.Settle(capacity);
        guard?.Accept();
        return allocation;
    }

    public void Delete()
    {
        Require();
        volume.Delete();
    }

    public VolumeFile? FindFile(ReadOnlyMemory<byte> start) => volume.FindFile(start);

    public VolumeActivity Observe() => volume.Observe();

    /// <summary>Looks for the writes of others.</summary>
    public void CheckIdle() => guard?.CheckIdle();

    public bool Flush() => volume.Flush();

    public void FlushSoon() => volume.FlushSoon();

    public void Dispose() => volume.Dispose();

    /// <summary>Gives it back on a thread that may block: closing a connection waits for libvirt.</summary>
    public ValueTask DisposeAsync() => new(BlockingWork.RunAsync(volume.Dispose));

    private void Require()
    {
        var found = VolumeExaminer.Examine(volume, record(), store);
        if (found.Owner is VolumeOwner.Other) throw ForeignVolume.Lost(record(), found);
    }
}
