using Kimchi.Isod.Core.Errors;

namespace Kimchi.Isod.Core.Remote;

/// <summary>Opens a file that its URL leads to on one of several mirrors: where one of them does not have it, the next request may lead to
/// another. A download that runs is tried again in any case; this is for those who wait for an answer.</summary>
internal static class MirrorTries
{
    private const int Most = 4;

    private static readonly TimeSpan FirstDelay = TimeSpan.FromMilliseconds(250);

    // A mirror that does not answer takes long to say so; nobody is to wait for several of them.
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(15);

    /// <summary>Opens a file, after up to three mirrors that do not give it.</summary>
    /// <exception cref="DownloadException">What the last mirror said; or anything that no other mirror changes.</exception>
    public static async Task<IRemoteFile> OpenAsync(
        IRemoteSource source, RemoteRequest request, TimeProvider time, CancellationToken cancellationToken)
    {
        var began = time.GetTimestamp();
        for (var attempt = 1; ; attempt++)
        {
            try
            {
                return await source.OpenAsync(request, cancellationToken);
            }
            catch (DownloadException e) when (e.IsOfMirror && attempt < Most && time.GetElapsedTime(began) < Patience)
            {
                await Task.Delay(FirstDelay * Math.Pow(2, attempt - 1), time, cancellationToken);
            }
        }
    }
}
