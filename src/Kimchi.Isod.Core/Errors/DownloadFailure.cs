namespace Kimchi.Isod.Core.Errors;

/// <summary>Why a download failed.</summary>
/// <param name="Kind">What went wrong.</param>
/// <param name="Reason">The words for the user, with no secret.</param>
public sealed record DownloadFailure(DownloadErrorKind Kind, string Reason);
