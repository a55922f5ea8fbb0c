using Kimchi.Isod.Core.Errors;
using Kimchi.Isod.Storage.Libvirt.Calls;
using LibvirtSharp.Errors;

namespace Kimchi.Isod.Storage.Libvirt;

/// <summary>Turns libvirt's errors into the domain's.</summary>
internal static class LibvirtFailures
{
    private const int EExist = 17;

    /// <summary>Runs a call of libvirt's.</summary>
    /// <exception cref="DownloadException">It failed.</exception>
    public static T Translate<T>(Func<T> call)
    {
        try
        {
            return call();
        }
        catch (LibvirtException e)
        {
            throw Translate(e);
        }
        catch (LibvirtSilentException e)
        {
            throw Translate(e);
        }
        catch (LibvirtNotInstalledException e)
        {
            throw new DownloadException(DownloadErrorKind.LibvirtUnreachable, e.Message, e);
        }
    }

    /// <inheritdoc cref="Translate{T}"/>
    public static void Translate(Action call) => Translate(() =>
    {
        call();
        return true;
    });

    /// <summary>Whether the disk was full.</summary>
    /// <remarks>Growing past the end of a pool has no errno, only words (libvirt 9.0, code 9).</remarks>
    public static bool IsNoSpace(LibvirtException e) =>
        e is NoSpaceException || e.Message.Contains("Not enough space left", StringComparison.Ordinal);

    /// <summary>
    /// Whether a volume cannot be made since its name is taken: also by a file that libvirt has not seen yet (code 55), and by one
    /// that came while libvirt looked, or a link to nowhere (EEXIST, in whatever words).
    /// </summary>
    public static bool IsNameInUse(LibvirtException e) =>
        e is StorageVolumeExistsException || e.SystemError == EExist || e.Message.Contains("already exists", StringComparison.Ordinal);

    /// <summary>The failure that stands for no answer at all.</summary>
    public static DownloadException Translate(LibvirtSilentException e) => DownloadException.Transient(
        DownloadErrorKind.LibvirtUnreachable, $"libvirt does not answer ({e.Message}): libvirtd, or the host it runs on, hangs", e);

    /// <summary>The failure that stands for an error of libvirt's.</summary>
    public static DownloadException Translate(LibvirtException e) => e switch
    {
        LibvirtConnectionException => DownloadException.Transient(
            DownloadErrorKind.LibvirtUnreachable, $"libvirt cannot be reached: {e.Message}; is libvirtd running, and libvirt:uri right?", e),
        LibvirtAccessDeniedException => new DownloadException(
            DownloadErrorKind.LibvirtUnreachable,
            $"libvirt does not let the daemon in: {e.Message}; its user needs the group 'libvirt' or a polkit rule", e),
        // In the middle of a download it may come back; a request is answered at once all the same.
        StoragePoolNotFoundException => DownloadException.Transient(DownloadErrorKind.PoolNotFound, e.Message, e),
        // libvirt forgets a volume whose directory was away for a moment: whether it is gone, the next look at the pool tells.
        StorageVolumeNotFoundException => DownloadException.Transient(
            DownloadErrorKind.VolumeLost, $"the volume is gone from the pool: {e.Message}", e),
        LibvirtBusyException => DownloadException.Transient(
            DownloadErrorKind.LibvirtBusy,
            $"another client of libvirt has the pool or the volume in use: {e.Message}; try again when its job, such as virsh vol-clone, has ended", e),
        _ when VolumePlace.IsForeign(e) => VolumePlace.Foreign(e.Message, e),
        _ when IsNameInUse(e) => new DownloadException(DownloadErrorKind.NameInUse, e.Message, e),
        _ when IsNoSpace(e) => DownloadException.Transient(
            DownloadErrorKind.NoSpace, $"the pool's disk is full: {e.Message}; free some space", e),
        _ when e.Message.Contains("is not active", StringComparison.Ordinal) => DownloadException.Transient(
            DownloadErrorKind.PoolNotRunning, $"the pool is not running: {e.Message}; start it with virsh pool-start", e),
        _ => DownloadException.Transient(DownloadErrorKind.VolumeLost, $"libvirt failed: {e.Message}", e),
    };
}
