using Kimchi.Isod.Core.Checksums;
using Kimchi.Isod.Core.Downloads;
using Kimchi.Isod.Core.Errors;
using Kimchi.Isod.Core.Remote;
using Kimchi.Isod.Core.Volumes;

namespace Kimchi.Isod.Core.Starting;

/// <summary>Looks for the checksum of a file at the places where publishers put it, one after the other, until one of them names the file.</summary>
/// <remarks>
/// What is too weak to be believed (SHA-1, MD5) is none. A page that a server sends in place of an error is no list, and neither is a list that does
/// not name the file. Each place is asked once.
/// </remarks>
internal sealed class ChecksumSearch(DownloadServices services)
{
    private static readonly TimeSpan PlacePatience = TimeSpan.FromSeconds(10);

    /// <summary>Looks for it.</summary>
    /// <param name="file">How the file was asked for: its credentials and headers are for its own server, where the lists are.</param>
    /// <param name="name">The volume's name, where the user gave one: a list may have the file by it.</param>
    /// <param name="patience">How long all of it may take.</param>
    /// <param name="cancellationToken">Stops it.</param>
    /// <exception cref="DownloadException">There is none (<see cref="DownloadErrorKind.ChecksumNotFound"/>): the message tells what was tried.</exception>
    public async Task<SourcedChecksum> RunAsync(RemoteRequest file, string? name, TimeSpan patience, CancellationToken cancellationToken)
    {
        var places = PublishedLists.Beside(file.Url);
        if (places.Count == 0) throw NotFound($"{file.Url} ends in no file name");
        List<string> absent = [];
        List<string> others = [];
        using var all = new CancellationTokenSource(patience, services.Time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(all.Token, cancellationToken);
        foreach (var place in places)
        {
            if (all.IsCancellationRequested)
            {
                others.Add($"{place.Url.FileName} and the rest: not tried, for {patience.TotalSeconds} s were over (downloads:checksum_timeout)");
                break;
            }

            try
            {
                return await ReadAsync(place, file, name, either.Token, cancellationToken);
            }
            catch (DownloadException e) when (e.IsAbsent)
            {
                absent.Add(place.Url.FileName);
            }
            catch (DownloadException e)
            {
                others.Add($"{place.Url.FileName}: {e.Message}");
            }
        }

        cancellationToken.ThrowIfCancellationRequested();
        throw NotFound(Describe(file.Url, absent, others));
    }

    private async Task<SourcedChecksum> ReadAsync(
        PublishedList place, RemoteRequest file, string? name, CancellationToken all, CancellationToken cancellationToken)
    {
        using var patience = new CancellationTokenSource(PlacePatience, services.Time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(patience.Token, all);
        try
        {
            await using var opened = await services.Source.OpenAsync(file.ForText(place.Url), either.Token);
            var bytes = await SmallFile.ReadAsync(opened, services.Options.MaxChecksumFile, either.Token);
            if (bytes.Length > services.Options.MaxChecksumFile) throw Unusable($"it has more than {services.Options.MaxChecksumFile} bytes");
            return new SourcedChecksum(Find(place, ChecksumFile.Decode(bytes), file.Url, name), Tell(place.Url, opened.Info.FinalUrl)) { ListUrl = place.Url.ToString() };
        }
        catch (OperationCanceledException e) when (!cancellationToken.IsCancellationRequested)
        {
            var limit = patience.IsCancellationRequested ? $"it did not come within {PlacePatience.TotalSeconds} s" : "it did not come in time";
            throw new DownloadException(DownloadErrorKind.RemoteUnreadable, limit, e);
        }
    }

    private static Checksum Find(PublishedList place, string text, RemoteUrl file, string? name)
    {
        var list = ChecksumList.Parse(place.Url, text);
        if (list.IsEmpty) throw Unusable("it is no list of checksums");
        if (!place.IsOfFile && !list.Names(file, name)) throw Unusable("it does not name the file");
        var found = list.Find(file, name);
        return found.Algorithm.IsForgeable() ? throw Unusable($"it has no more than {found.Algorithm.Label()}, which is too weak") : found;
    }

    // A list of another server may be that of whoever sends the file: it is believed no more than that, and its place is told.
    private static string Tell(RemoteUrl list, RemoteUrl found) =>
        list.IsSameServerAs(found) ? list.ToString() : $"{list}, which another server sent: {found}";

    private static string Describe(RemoteUrl file, List<string> absent, List<string> others)
    {
        var tried = absent.Count > 0 ? $"; not there: {string.Join(", ", absent)}" : "";
        if (others.Count > 0) tried += $"; not usable: {string.Join("; ", others)}";
        return $"no checksum of {VolumeName.Quote(file.FileName)} was found beside {file}{tried}";
    }

    private static DownloadException Unusable(string why) => new(DownloadErrorKind.ChecksumInvalid, why);

    private static DownloadException NotFound(string what) =>
        new(DownloadErrorKind.ChecksumNotFound, $"{what}; give the field 'checksum' or 'checksum_url', or leave it out");
}
