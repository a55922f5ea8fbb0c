using Kimchi.Isod.Core.Volumes;

namespace Kimchi.Isod.Core.State;

/// <summary>A download whose record was dropped: by a user, or since it was old.</summary>
/// <param name="Id">Its id, which no other download gets.</param>
/// <param name="Volume">The volume that it filled; another download may have it by now.</param>
public sealed record ForgottenDownload(long Id, VolumeId Volume);
