namespace Kimchi.Isod.Core.Errors;

/// <summary>What went wrong, in the domain's terms. The daemon maps each kind to one message id and one HTTP status.</summary>
public enum DownloadErrorKind
{
    /// <summary>Anything unforeseen.</summary>
    Unforeseen = 0,

    /// <summary>A field is missing or has an unusable value.</summary>
    FieldInvalid,

    /// <summary>The name is taken by a volume, a live download or a request that won a race.</summary>
    NameInUse,

    /// <summary>No volume can have that name.</summary>
    NameInvalid,

    /// <summary>Not an absolute http, https, ftp or ftps URL.</summary>
    UrlInvalid,

    /// <summary>The remote file cannot be read: host, connection, TLS, or the server's refusal.</summary>
    RemoteUnreadable,

    /// <summary>No checksum was found beside the file.</summary>
    ChecksumNotFound,

    /// <summary>What the server sends is not a file worth storing.</summary>
    NotAnImage,

    /// <summary>No such pool, or one that the configuration does not allow.</summary>
    PoolNotFound,

    /// <summary>The pool is not running.</summary>
    PoolNotRunning,

    /// <summary>The pool has too little free space.</summary>
    NoSpace,

    /// <summary>libvirt could not create the volume.</summary>
    VolumeNotCreated,

    /// <summary>The volume is gone, or no longer what the record says.</summary>
    VolumeLost,

    /// <summary>libvirt cannot be reached.</summary>
    LibvirtUnreachable,

    /// <summary>Another client of libvirt has the pool or the volume in use, for longer than is waited for.</summary>
    LibvirtBusy,

    /// <summary>No download goes by that name.</summary>
    DownloadNotFound,

    /// <summary>The download is not ongoing, so it cannot be paused or cancelled.</summary>
    NotOngoing,

    /// <summary>The download is not paused, so it cannot be resumed.</summary>
    NotPaused,

    /// <summary>The server cannot continue a transfer, so the download cannot be paused.</summary>
    NotPausable,

    /// <summary>The download has failed.</summary>
    DownloadFailed,

    /// <summary>The limit of waiting downloads is reached.</summary>
    QueueFull,

    /// <summary>The checksum is malformed, of an unknown kind, or not in the file that should have it.</summary>
    ChecksumInvalid,

    /// <summary>The image is not the one that the checksum belongs to.</summary>
    ChecksumMismatch,

    /// <summary>The download has not failed, so it cannot be tried again.</summary>
    NotFailed,

    /// <summary>The download is not over, so it cannot be forgotten.</summary>
    NotOver,

    /// <summary>Nothing proves that the file ends where its bytes did, or that its parts are of one file.</summary>
    EndUnproven,

    /// <summary>The state store cannot be read or written.</summary>
    StoreFailed,

    /// <summary>The metalink is malformed, too large, contradicts itself or the request, or names no file that can be had.</summary>
    MetalinkInvalid,

    /// <summary>No signature is good, none can be had, or the keyring that it takes cannot be used.</summary>
    SignatureInvalid,

    /// <summary>The image is not the one that was signed.</summary>
    SignatureMismatch,
}
