namespace Kimchi.Isod.Core.Remote;

/// <summary>What to open, and from where.</summary>
/// <param name="Url">The address.</param>
/// <param name="Credentials">For the host of <paramref name="Url"/> only, never for one it redirects to; null for none.</param>
/// <param name="Offset">The first byte wanted, 0 for the whole file.</param>
/// <param name="Expected">The version that the bytes before <paramref name="Offset"/> came from; null when it is 0.</param>
public sealed record RemoteRequest(RemoteUrl Url, Credentials? Credentials, long Offset = 0, Validator? Expected = null)
{
    /// <summary>Whether text is wanted, such as a list of checksums: that it is labelled as a web page is no reason to refuse it then, as long
    /// as it is none.</summary>
    public bool IsForText { get; init; }
}
