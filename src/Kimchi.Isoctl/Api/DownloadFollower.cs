using Kimchi.Isoctl.Display;
using Kimchi.Isod.Contracts;

namespace Kimchi.Isoctl.Api;

/// <summary>Follows downloads through drops, restarts of the daemon and all else, until they are over.</summary>
/// <param name="client">The daemon.</param>
/// <param name="pool">Their pool.</param>
/// <param name="view">Where they are shown.</param>
/// <param name="time">The clock.</param>
internal sealed class DownloadFollower(IsodClient client, string pool, IProgressView view, TimeProvider time)
{
    /// <summary>How long the daemon may be away: longer than a restart with many windows to read back.</summary>
    public static readonly TimeSpan Patience = TimeSpan.FromMinutes(2);

    private static readonly TimeSpan ShortestWait = TimeSpan.FromMilliseconds(250);
    private static readonly TimeSpan LongestWait = TimeSpan.FromSeconds(5);

    private readonly Dictionary<string, Download> _seen = new(StringComparer.Ordinal);

    /// <summary>Follows the downloads of these names until all of them are over.</summary>
    /// <param name="names">Their names; none for all that there are and will be, for ever.</param>
    /// <param name="cancellationToken">Ends the following.</param>
    /// <returns>How they ended.</returns>
    /// <exception cref="IsoctlException">The daemon has been away for longer than <see cref="Patience"/>, or refused.</exception>
    public async Task<IReadOnlyCollection<Download>> FollowAsync(IReadOnlyCollection<string> names, CancellationToken cancellationToken)
    {
        var (lastHeard, wait) = (time.GetTimestamp(), ShortestWait);
        while (true)
        {
            try
            {
                await foreach (var (isSnapshot, downloads) in DownloadEvents.ReadAsync(client, cancellationToken))
                {
                    foreach (var download in downloads.Where(d => IsWanted(d, names))) Show(download);
                    if (isSnapshot) await FindAbsentAsync(names, downloads, cancellationToken);
                    if (names.Count > 0 && names.All(IsOver)) return _seen.Values;
                    (lastHeard, wait) = (time.GetTimestamp(), ShortestWait);
                }
            }
            catch (IsoctlException e) when (e.ExitCode == ExitCode.OutOfReach && _seen.Count > 0 && time.GetElapsedTime(lastHeard) < Patience)
            {
                // It is being restarted; the downloads go on when it is back.
            }

            view.Say("the daemon is away; waiting for it");
            await Task.Delay(wait, time, cancellationToken);
            wait = wait * 2 < LongestWait ? wait * 2 : LongestWait;
        }
    }

    private bool IsWanted(Download download, IReadOnlyCollection<string> names) =>
        download.Pool == pool && (names.Count == 0 || names.Contains(download.Name));

    private bool IsOver(string name) => _seen.TryGetValue(name, out var download) && download.IsOver();

    // Those that ended while nobody listened are not in the snapshot of the live ones.
    private async Task FindAbsentAsync(IReadOnlyCollection<string> names, IReadOnlyList<Download> live, CancellationToken cancellationToken)
    {
        var expected = names.Count > 0 ? names : [.. _seen.Values.Where(d => !d.IsOver()).Select(d => d.Name)];
        foreach (var name in expected.Where(name => !live.Any(d => d.Name == name && d.Pool == pool)))
            Show(await client.GetAsync(Routes.DownloadOf(pool, name), ApiJson.Wire.Download, cancellationToken));
    }

    private void Show(Download download)
    {
        _seen[download.Name] = download;
        view.Show(download);
    }
}
