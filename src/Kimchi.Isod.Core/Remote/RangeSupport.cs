namespace Kimchi.Isod.Core.Remote;

/// <summary>Whether a server can continue a transfer, where it did not say so by itself.</summary>
internal static class RangeSupport
{
    /// <summary>Asks for one byte where the answer counts: the size is known, and bytes could be put together.</summary>
    /// <returns>What the server says of the file, with a word on ranges.</returns>
    public static async Task<RemoteFileInfo> SettleAsync(
        IRemoteSource source, RemoteRequest request, RemoteFileInfo info, CancellationToken cancellationToken)
    {
        if (info.IsResumable is not null) return info;
        var counts = info.SourceSize is not null && (info.Version.IsStrong || request.IsJudged);
        return info with { IsResumable = counts && await source.CanContinueAsync(request, info, cancellationToken) };
    }
}
