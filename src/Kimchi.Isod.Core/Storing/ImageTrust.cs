using Kimchi.Isod.Core.State;
using Kimchi.Isod.Core.Volumes;

namespace Kimchi.Isod.Core.Storing;

/// <summary>Whether the stored bytes of an image can be relied on, or must be read back first: something may have happened to the volume
/// since they were written.</summary>
internal sealed class ImageTrust(LiveRecord live)
{
    // What vouched for the stored bytes when their volume was last opened.
    private string? _voucher;

    /// <summary>Whether they must be read back.</summary>
    public bool IsSuspect => live.Current.IsSuspect;

    /// <summary>A record whose stored bytes must be read back.</summary>
    public static DownloadRecord Doubted(DownloadRecord record) => record with { IsSuspect = true };

    /// <summary>A record whose stored bytes were read back, or that has none.</summary>
    public static DownloadRecord Restored(DownloadRecord record) => record with { IsSuspect = false };

    /// <summary>Notes that the stored bytes must be read back.</summary>
    public void Doubt() => live.Change(Doubted);

    /// <summary>Notes that the stored bytes were read back.</summary>
    public void Restore()
    {
        if (IsSuspect) live.Change(Restored);
    }

    /// <summary>Notes what vouches for the stored bytes. Where it is not what vouched for them before, they must be read back.</summary>
    /// <param name="file">The volume's file; null where this machine does not see it.</param>
    /// <param name="unseen">What vouches for the bytes of a volume that is not seen, as long as it is the same.</param>
    public void Vouch(VolumeFile? file, string unseen)
    {
        lock (live.Gate)
        {
            var record = live.Current;
            var voucher = file?.Mount ?? unseen;
            // A daemon that has just started knows of no mount before its own; what was unseen was unseen then, too.
            var isSameVoucher = _voucher is null ? file is not null : _voucher == voucher;
            var isSuspect = record.Position > 0 && !(isSameVoucher && file?.Identity == record.FileIdentity);
            _voucher = voucher;
            if (file?.Identity == record.FileIdentity && !isSuspect) return;
            live.Change(r => r with { FileIdentity = file?.Identity, IsSuspect = r.IsSuspect || isSuspect });
        }
    }
}
