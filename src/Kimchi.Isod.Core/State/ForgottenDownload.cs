namespace Kimchi.Isod.Core.State;

/// <summary>A download whose record was dropped: by a user, or since it was old.</summary>
/// <param name="Id">Its id, which no other download gets.</param>
/// <param name="Pool">Its pool.</param>
/// <param name="Name">The name that it had; another download may have it by now.</param>
public sealed record ForgottenDownload(long Id, string Pool, string Name);
