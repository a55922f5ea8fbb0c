using Kimchi.Isod.Core.Errors;
using Kimchi.Isod.Core.State;
using Kimchi.Isod.Core.Volumes;

namespace Kimchi.Isod.Core.Storing;

/// <summary>Whether the stored bytes of an image can be relied on, or must be read back first: something may have happened to the volume
/// since they were written.</summary>
internal sealed class ImageTrust(LiveRecord live)
{
    // What vouched for the stored bytes when their volume was last opened.
    private string? _voucher;

    // The stamp of the volume's file when the download last wrote to it.
    private string? _stamp = live.Current.FileStamp;
    private bool _isNewVolume;

    /// <summary>Whether they must be read back.</summary>
    public bool IsSuspect => live.Current.IsSuspect;

    /// <summary>A record whose stored bytes must be read back.</summary>
    public static DownloadRecord Doubted(DownloadRecord record) => record with { IsSuspect = true };

    /// <summary>A record whose stored bytes were read back, or that has none.</summary>
    public static DownloadRecord Restored(DownloadRecord record) => record with { IsSuspect = false };

    /// <summary>Notes that the stored bytes must be read back. That holds also where the store cannot take it now.</summary>
    public void Doubt()
    {
        if (!IsSuspect) live.Note(Doubted);
    }

    /// <summary>Notes that the stored bytes were read back, and that nobody has written to the volume meanwhile.</summary>
    public void Restore()
    {
        if (IsSuspect) live.Change(r => Restored(r) with { FileStamp = _stamp });
    }

    /// <summary>Notes the stamp of the volume's file, which the download has just written to.</summary>
    public void NoteStamp(string? stamp) => _stamp = stamp;

    /// <summary>A record whose image is published, with the stamp that its volume's file has got by that.</summary>
    public DownloadRecord Published(DownloadRecord record) => record with { FileStamp = _stamp };

    /// <summary>Notes that the volume was made anew: it has none of the stored bytes.</summary>
    public void NoteNewVolume() => _isNewVolume = true;

    /// <summary>Keeps the stamp that the download has left the volume's file with.</summary>
    public void Keep()
    {
        if (IsSuspect || live.Current.FileStamp == _stamp) return;
        try
        {
            live.Note(r => r with { FileStamp = _stamp });
        }
        catch (DownloadException e) when (e.Kind is DownloadErrorKind.StoreFailed)
        {
            // The next change of the record takes it along. Without one, the older stamp has the bytes read back.
        }
    }

    /// <summary>Notes what vouches for the stored bytes. Where it is not what vouched for them before, they must be read back.</summary>
    /// <param name="file">The volume's file; null where this machine does not see it.</param>
    /// <param name="stamp">The file's stamp; null where nothing tells whether somebody has written to it.</param>
    /// <param name="unseen">What vouches for bytes that have no stamp, as long as it is the same.</param>
    /// <returns>Whether they are in doubt since somebody else has written to the file.</returns>
    public bool Vouch(VolumeFile? file, string? stamp, string unseen)
    {
        lock (live.Gate)
        {
            var record = live.Current;
            var voucher = file is not null && stamp is not null ? file.Mount : unseen;
            // A daemon that has just started knows of no mount before its own; what was unseen was unseen then, too.
            var isSameVoucher = _voucher is null ? stamp is not null : _voucher == voucher;
            var isSameFile = isSameVoucher && file?.Identity == record.FileIdentity;
            var isWritten = isSameFile && stamp != _stamp && !_isNewVolume;
            var isSuspect = record.StoredBytes > 0 && (isWritten || !isSameFile);
            if (file?.Identity != record.FileIdentity || (isSuspect && !record.IsSuspect))
                live.Change(r => r with { FileIdentity = file?.Identity, IsSuspect = r.IsSuspect || isSuspect });
            var isNews = isWritten && isSuspect && !record.IsSuspect && _stamp is not null;
            (_voucher, _stamp, _isNewVolume) = (voucher, stamp, false);
            return isNews;
        }
    }
}
