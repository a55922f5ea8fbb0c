using Kimchi.Isoctl.Display;
using Kimchi.Isod.Contracts;

namespace Kimchi.Isoctl.Api;

/// <summary>Follows downloads through drops, restarts of the daemon and all else, until they end.</summary>
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
    private readonly HashSet<string> _forgotten = new(StringComparer.Ordinal);

    /// <summary>Follows the downloads of these names until all of them have ended.</summary>
    /// <param name="names">Their names; none for all that there are and will be, for ever.</param>
    /// <param name="cancellationToken">Ends the following.</param>
    /// <returns>How they ended; one that was forgotten meanwhile as it was seen last.</returns>
    /// <exception cref="IsoctlException">The daemon has been away for longer than <see cref="Patience"/>, or refused.</exception>
    public async Task<IReadOnlyCollection<Download>> FollowAsync(IReadOnlyCollection<string> names, CancellationToken cancellationToken)
    {
        var (lastHeard, wait) = (time.GetTimestamp(), ShortestWait);
        while (true)
        {
            try
            {
                await foreach (var told in DownloadEvents.ReadAsync(client, cancellationToken))
                {
                    await HearAsync(told, names, cancellationToken);
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

    private async Task HearAsync(DownloadEvent told, IReadOnlyCollection<string> names, CancellationToken cancellationToken)
    {
        switch (told)
        {
            case SnapshotEvent { Downloads: var live }:
                foreach (var download in live.Where(d => IsWanted(d, names))) Show(download);
                await FindAbsentAsync(names, live, cancellationToken);
                break;
            case ChangeEvent { Download: var changed } when IsWanted(changed, names):
                Show(changed);
                break;
            case ForgottenEvent { Download: var forgotten } when _seen.TryGetValue(forgotten.Name, out var seen) && seen.Id == forgotten.Id:
                Forget(seen, names);
                break;
        }
    }

    private bool IsWanted(Download download, IReadOnlyCollection<string> names) =>
        download.Pool == pool && (names.Count == 0 || names.Contains(download.Name));

    private bool IsOver(string name) => _forgotten.Contains(name) || (_seen.TryGetValue(name, out var download) && download.IsOver());

    // Those that ended while nobody listened are not in the snapshot of the live ones.
    private async Task FindAbsentAsync(IReadOnlyCollection<string> names, IReadOnlyList<Download> live, CancellationToken cancellationToken)
    {
        var expected = names.Count > 0 ? names : [.. _seen.Values.Where(d => !d.IsOver()).Select(d => d.Name)];
        foreach (var name in expected.Where(name => !live.Any(d => d.Name == name && d.Pool == pool)))
        {
            try
            {
                Show(await client.GetAsync(Routes.DownloadOf(pool, name), ApiJson.Replies.Download, cancellationToken));
            }
            catch (IsoctlException e) when (e.ExitCode == ExitCode.Refused && _seen.TryGetValue(name, out var seen))
            {
                // It ended and was forgotten while nobody listened. How it ended, nobody knows any more.
                Forget(seen, names);
            }
        }
    }

    // Who waits for it waits no more, and gets it as it was seen last.
    private void Forget(Download seen, IReadOnlyCollection<string> names)
    {
        if (names.Count == 0) _seen.Remove(seen.Name);
        else _forgotten.Add(seen.Name);
        view.Forget(seen);
    }

    private void Show(Download download)
    {
        _seen[download.Name] = download;
        view.Show(download);
    }
}
