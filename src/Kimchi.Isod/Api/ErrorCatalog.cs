using Kimchi.Isod.Contracts;
using Kimchi.Isod.Core.Errors;

namespace Kimchi.Isod.Api;

/// <summary>Which message id and which HTTP status each kind of failure has.</summary>
internal static class ErrorCatalog
{
    /// <summary>Why a download failed, with the id of that.</summary>
    public static string Describe(DownloadFailure failure)
    {
        var id = Find(failure.Kind).Id;
        return id == MessageIds.DownloadFailed ? failure.Reason : $"{id}: {failure.Reason}";
    }

    /// <summary>The id and the status of a failure.</summary>
    public static (string Id, int Status) Find(DownloadErrorKind kind) => kind switch
    {
        DownloadErrorKind.FieldInvalid => (MessageIds.Field, 400),
        DownloadErrorKind.NameInUse => (MessageIds.NameInUse, 400),
        DownloadErrorKind.NameInvalid => (MessageIds.NameInvalid, 400),
        DownloadErrorKind.UrlInvalid => (MessageIds.UrlInvalid, 400),
        DownloadErrorKind.RemoteUnreadable => (MessageIds.RemoteUnreadable, 400),
        DownloadErrorKind.NotAnImage => (MessageIds.NotAnImage, 400),
        DownloadErrorKind.PoolNotFound => (MessageIds.PoolNotFound, 404),
        DownloadErrorKind.PoolNotRunning => (MessageIds.PoolNotRunning, 400),
        DownloadErrorKind.NoSpace => (MessageIds.NoSpace, 400),
        DownloadErrorKind.VolumeNotCreated => (MessageIds.VolumeNotCreated, 500),
        DownloadErrorKind.LibvirtUnreachable => (MessageIds.LibvirtUnreachable, 503),
        DownloadErrorKind.LibvirtBusy => (MessageIds.LibvirtBusy, 503),
        DownloadErrorKind.DownloadNotFound => (MessageIds.DownloadNotFound, 400),
        DownloadErrorKind.NotOngoing => (MessageIds.NotOngoing, 400),
        DownloadErrorKind.NotPaused => (MessageIds.NotPaused, 400),
        DownloadErrorKind.NotPausable => (MessageIds.NotPausable, 400),
        DownloadErrorKind.DownloadFailed or DownloadErrorKind.VolumeLost or DownloadErrorKind.ChecksumMismatch => (MessageIds.DownloadFailed, 400),
        DownloadErrorKind.ChecksumInvalid => (MessageIds.ChecksumInvalid, 400),
        DownloadErrorKind.ChecksumNotFound => (MessageIds.ChecksumNotFound, 400),
        DownloadErrorKind.SignatureInvalid or DownloadErrorKind.SignatureMismatch => (MessageIds.SignatureInvalid, 400),
        DownloadErrorKind.MetalinkInvalid => (MessageIds.MetalinkInvalid, 400),
        DownloadErrorKind.EndUnproven => (MessageIds.EndUnproven, 400),
        DownloadErrorKind.NotFailed => (MessageIds.NotFailed, 400),
        DownloadErrorKind.NotOver => (MessageIds.NotOver, 400),
        DownloadErrorKind.QueueFull => (MessageIds.QueueFull, 429),
        _ => (MessageIds.Unforeseen, 500),
    };
}
