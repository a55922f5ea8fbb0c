using Kimchi.Isod.Core.Volumes;

namespace Kimchi.Isod.Core.Ownership;

/// <summary>Tells other people's writes to an open volume from those of its download. Blocks; belongs to one thread at a time.</summary>
/// <remarks>
/// Between the download's uploads nobody should write: neither the file's stamp changes, nor does a writer close it. An upload through libvirt
/// is one writer, which has closed the file when the upload's end is reported. So one more is somebody else.
/// </remarks>
/// <param name="volume">The volume.</param>
/// <param name="stamp">Its file's stamp when it was opened.</param>
/// <param name="settled">Gets the stamp whenever the download has written.</param>
/// <param name="disturbed">Hears of the writes of others.</param>
internal sealed class WriteGuard(IVolume volume, string? stamp, Action<string?> settled, Action disturbed)
{
    private string? _stamp = stamp;

    /// <summary>Whether somebody else has written since the volume was opened.</summary>
    public bool IsDisturbed { get; private set; }

    /// <summary>Looks while the download itself does not write.</summary>
    public void CheckIdle()
    {
        var found = volume.Observe();
        Judge(found.Writers == 0 && found.Stamp == _stamp);
        Settle(found);
    }

    /// <summary>Looks while an upload of the download is open.</summary>
    public void CheckWriting() => Judge(volume.Observe().Writers == 0);

    /// <summary>Looks when an upload of the download has just ended.</summary>
    public void CheckWritten()
    {
        var found = volume.Observe();
        Judge(found.Writers <= 1);
        Settle(found);
    }

    /// <summary>Takes what libvirt has just done to the file for the download's doing.</summary>
    public void Accept() => Settle(volume.Observe());

    private void Settle(VolumeActivity found)
    {
        if (found.Stamp == _stamp) return;
        _stamp = found.Stamp;
        settled(_stamp);
    }

    private void Judge(bool isQuiet)
    {
        if (isQuiet) return;
        IsDisturbed = true;
        disturbed();
    }
}
