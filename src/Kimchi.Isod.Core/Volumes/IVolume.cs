using Kimchi.Isod.Core.Errors;

namespace Kimchi.Isod.Core.Volumes;

/// <summary>One open volume, with a connection to libvirt of its own. Every call blocks: use it from a dedicated thread.</summary>
/// <remarks>Calls throw <see cref="DownloadException"/>: <see cref="DownloadErrorKind.LibvirtUnreachable"/> (transient) or
/// <see cref="DownloadErrorKind.VolumeLost"/>.</remarks>
public interface IVolume : IDisposable
{
    /// <summary>The size in bytes that it has now.</summary>
    long GetCapacity();

    /// <summary>Whether bytes that were never written read as zeros: so in files, not on block devices.</summary>
    bool IsZeroed { get; }

    /// <summary>Starts an upload that may put <paramref name="length"/> bytes at <paramref name="offset"/>, or fewer.</summary>
    /// <remarks>Bytes past the volume's end enlarge it. The volume is looked up by its name once, now: whatever is found goes on to be
    /// written to, also when somebody puts another in its place.</remarks>
    IVolumeUpload BeginUpload(long offset, long length);

    /// <summary>Reads a part of the volume, piece by piece, in order.</summary>
    /// <param name="offset">The first byte.</param>
    /// <param name="length">How many bytes; a volume that ends before is read to its end.</param>
    /// <param name="read">Gets each piece; the span is valid during the call only.</param>
    void Read(long offset, long length, VolumeReader read);

    /// <summary>Cuts a volume that was just made to its capacity, and takes the space from the pool as the configuration says.</summary>
    /// <param name="capacity">The capacity in bytes, not more than it has.</param>
    /// <returns>What was taken.</returns>
    /// <exception cref="DownloadException"><see cref="DownloadErrorKind.NoSpace"/>, besides the others.</exception>
    VolumeAllocation Settle(long capacity);

    /// <summary>Deletes the volume and gives its space back. One that is gone already is no error.</summary>
    void Delete();

    /// <summary>Looks for the volume's file in this process's own view of the file system.</summary>
    /// <param name="start">The volume's first bytes, as libvirt reads them: a file that begins otherwise is another.</param>
    /// <returns>The file, or null where this process does not see it: libvirt is on another machine, or in another mount namespace.</returns>
    VolumeFile? FindFile(ReadOnlyMemory<byte> start);

    /// <summary>Asks the kernel for writes to the file that <see cref="FindFile"/> has found; writers are counted from the first call on.</summary>
    VolumeActivity Observe();

    /// <summary>Makes all that was written durable, so that a loss of power does not take it. libvirt has no call for it.</summary>
    /// <returns>False where <see cref="FindFile"/> has found no file: then nobody can.</returns>
    bool Flush();

    /// <summary>Begins, in the background, to make durable what was written so far, so that <see cref="Flush"/> has less to wait for.
    /// Proves nothing.</summary>
    void FlushSoon();
}

/// <summary>Takes one piece of what <see cref="IVolume.Read"/> reads.</summary>
public delegate void VolumeReader(ReadOnlySpan<byte> piece);

/// <summary>An upload in progress. Disposing it before <see cref="Finish"/> aborts it: what was queued is lost.</summary>
public interface IVolumeUpload : IDisposable
{
    /// <summary>Sends bytes to follow those sent before.</summary>
    void Write(ReadOnlySpan<byte> bytes);

    /// <summary>Ends the upload. Returning is no proof that the bytes are in the volume: read them back.</summary>
    /// <remarks>virStreamFinish may return 0 though libvirtd's writes failed (measured with libvirt 9.0, ENOSPC).</remarks>
    void Finish();
}
