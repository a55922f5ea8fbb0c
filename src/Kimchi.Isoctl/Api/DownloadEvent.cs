using Kimchi.Isod.Contracts;

namespace Kimchi.Isoctl.Api;

/// <summary>An event of the daemon's stream that is about downloads.</summary>
internal abstract record DownloadEvent;

/// <summary>All live downloads.</summary>
/// <param name="Downloads">The downloads, the oldest first.</param>
internal sealed record SnapshotEvent(IReadOnlyList<Download> Downloads) : DownloadEvent;

/// <summary>A change of a download.</summary>
/// <param name="Download">The download as it is now.</param>
internal sealed record ChangeEvent(Download Download) : DownloadEvent;

/// <summary>The end of a download's record.</summary>
/// <param name="Download">The download that was forgotten.</param>
internal sealed record ForgottenEvent(ForgottenDownload Download) : DownloadEvent;
