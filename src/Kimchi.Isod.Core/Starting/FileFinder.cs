using Kimchi.Isod.Core.Downloads;
using Kimchi.Isod.Core.Errors;
using Kimchi.Isod.Core.Metalinks;
using Kimchi.Isod.Core.Remote;

namespace Kimchi.Isod.Core.Starting;

/// <summary>Opens a file at the first place that gives it: its URL, the user's mirrors, those of a metalink.</summary>
/// <remarks>A metalink that was asked for and cannot be had is a failure, never a reason to go on without its hashes.</remarks>
internal sealed class FileFinder(DownloadServices services)
{
    // Each place takes its time to fail, and somebody waits for the answer.
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    // Nobody has asked for it.
    private static readonly TimeSpan VouchedPatience = TimeSpan.FromSeconds(10);

    private const string NoAddress =
        "it has no http, https, ftp or ftps address of the file; or none that is encrypted, as the metalink was, and no hash that would judge what others send";

    /// <summary>Opens the file.</summary>
    /// <param name="sources">Where it is.</param>
    /// <param name="name">The name that the user gave, or null: it chooses the file in a metalink of several.</param>
    /// <param name="isJudged">Whether the user gave something that the whole is compared with.</param>
    /// <param name="cancellationToken">Stops it.</param>
    /// <exception cref="DownloadException">No place gives it, or the metalink cannot be used.</exception>
    public async Task<ReachedFile> ReachAsync(RequestedSources sources, string? name, bool isJudged, CancellationToken cancellationToken)
    {
        if (sources.Metalink is { } address)
        {
            var metalink = await FetchGivenAsync(address, sources.Headers, Names(name, sources.Url.FileName), cancellationToken);
            return await OpenAsync(new Search([Own(sources), .. sources.Mirrors, .. Usable(metalink, isJudged)], metalink, IsFirstTheUrl: true));
        }

        var isNamed = MetalinkDocument.IsNamedAsOne(sources.Url);
        var reached = await OpenAsync(new Search(isNamed ? [Own(sources)] : [Own(sources), .. sources.Mirrors], IsForText: isNamed));
        if (!isNamed && !MetalinkDocument.IsLabelledAsOne(reached.File.Info)) return await WithVouchedMetalinkAsync(reached, name, cancellationToken);
        var read = await ReadAsync(reached.File, reached.Remote.Url, Names(name, MetalinkDocument.WithoutSuffix(sources.Url).FileName), cancellationToken);
        return await OpenAsync(new Search([.. sources.Mirrors, .. Usable(read, isJudged)], read)) with { IsByMetalink = true };

        async Task<ReachedFile> OpenAsync(Search search)
        {
            search = search with
            {
                IsJudged = isJudged,
                Headers = sources.Headers,
                Places = [.. search.Places.Select(place => place with { Url = sources.WithCredentials(place.Url) })],
            };
            Dictionary<Uri, string> refused = [];
            var (file, remote, most) = await OpenFirstAsync(search, refused, cancellationToken);
            // A mirror's own word on what the file is adds nothing to its bytes.
            var isOfUrl = remote.Url.Uri == sources.Url.Uri;
            var isProven = isJudged || search.Metalink?.Checksum is not null || (isOfUrl && file.Info.Digest is not null);
            var vouched = isOfUrl ? Usable(file.Info.Mirrors, isProven, isEncrypted: true) : [];
            var others = Mirror.Best(search.Places.Concat(vouched).Where(place => place.Url.Uri != remote.Url.Uri));
            return new ReachedFile(file, remote, others, search.Metalink, IsByMetalink: false) { IsOfUrl = isOfUrl, Refused = refused, MostConnections = most };
        }
    }

    private static Mirror Own(RequestedSources sources) => new(sources.Url, Priority: 1, Location: null);

    private static List<string> Names(params string?[] names) => [.. names.OfType<string>().Where(name => name.Length > 0)];

    // What comes encrypted is not exchanged for what does not, unless something judges the whole.
    private static IReadOnlyList<Mirror> Usable(IReadOnlyList<Mirror> mirrors, bool isProven, bool isEncrypted) =>
        isProven || !isEncrypted ? mirrors : [.. mirrors.Where(mirror => mirror.Url.IsEncrypted)];

    private static IReadOnlyList<Mirror> Usable(Metalink metalink, bool isJudged) =>
        Usable(metalink.Mirrors, metalink.Checksum is not null || isJudged, metalink.IsEncrypted);

    // What a server offers by itself may be out of date, or of another file. Then the file is as good as without it.
    private async Task<ReachedFile> WithVouchedMetalinkAsync(ReachedFile reached, string? name, CancellationToken cancellationToken)
    {
        var info = reached.File.Info;
        if (!reached.IsOfUrl || info.MetalinkUrl is not { IsEncrypted: true } url) return reached;
        using var patience = new CancellationTokenSource(VouchedPatience, services.Time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(patience.Token, cancellationToken);
        try
        {
            var metalink = await FetchAsync(url, reached.Remote.Headers, Names(name, reached.Remote.Url.FileName, info.FinalUrl.FileName), either.Token);
            if (reached.FindContradiction(metalink) is { } fault) throw Metalink.Invalid($"{url}: {fault}");
            var isProven = metalink.Checksum is not null || reached.Digest is not null || reached.Remote.IsJudged;
            var mirrors = reached.Mirrors.Concat(Usable(metalink.Mirrors, isProven, isEncrypted: true)).Where(mirror => mirror.Url.Uri != reached.Remote.Url.Uri);
            return reached with { Metalink = metalink, Mirrors = Mirror.Best(mirrors), IsMetalinkVouched = true };
        }
        catch (DownloadException e)
        {
            services.Logger.MetalinkNotUsed(url.ToString(), e.Message);
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            services.Logger.MetalinkNotUsed(url.ToString(), $"it did not come within {VouchedPatience.TotalSeconds} s");
        }
        catch
        {
            await reached.File.DisposeAsync();
            throw;
        }

        return reached;
    }

    private async Task<(IRemoteFile File, RemoteRequest Remote, int? MostConnections)> OpenFirstAsync(
        Search search, Dictionary<Uri, string> refused, CancellationToken cancellationToken)
    {
        if (search.Places.Count == 0) throw Metalink.Invalid(NoAddress);
        var began = services.Time.GetTimestamp();
        for (var i = 0; ; i++)
        {
            var url = search.Places[i].Url;
            var remote = new RemoteRequest(url, url.Credentials, IsJudged: search.IsJudged || search.Metalink?.Checksum is not null)
            {
                IsForText = search.IsForText,
                Headers = search.Headers,
            };
            try
            {
                var file = await MirrorTries.OpenAsync(services.Source, remote, services.Time, cancellationToken);
                if (search.FindFault(file) is not { } fault) return (file, remote, search.MostConnections(url));
                await file.DisposeAsync();
                throw Metalink.Invalid($"{url}: {fault}");
            }
            catch (DownloadException e) when (i + 1 < search.Places.Count && search.MayGoOn(i, e) && services.Time.GetElapsedTime(began) < Patience)
            {
                services.Logger.PlaceNotUsed(url.ToString(), e.Message);
                refused[url.Uri] = e.Message;
            }
        }
    }

    private async Task<Metalink> FetchAsync(RemoteUrl url, OriginHeaders? headers, IReadOnlyList<string> names, CancellationToken cancellationToken)
    {
        var request = new RemoteRequest(url, url.Credentials) { IsForText = true, Headers = headers };
        return await ReadAsync(await MirrorTries.OpenAsync(services.Source, request, services.Time, cancellationToken), url, names, cancellationToken);
    }

    private async Task<Metalink> FetchGivenAsync(RemoteUrl url, OriginHeaders? headers, IReadOnlyList<string> names, CancellationToken cancellationToken)
    {
        try
        {
            return await FetchAsync(url, headers, names, cancellationToken);
        }
        catch (DownloadException e)
        {
            throw new DownloadException(e.Kind, $"metalink_url: {e.Message}", e);
        }
    }

    private async Task<Metalink> ReadAsync(IRemoteFile opened, RemoteUrl url, IReadOnlyList<string> names, CancellationToken cancellationToken)
    {
        await using var file = opened;
        var metalink = await StartPatience.WaitAsync(
            services, $"{url}: the metalink", stop => MetalinkDocument.ReadAsync(opened, url, names, stop), cancellationToken);
        return metalink with { IsEncrypted = url.IsEncrypted && file.Info.FinalUrl.IsEncrypted };
    }

    private sealed record Search(
        IReadOnlyList<Mirror> Places, Metalink? Metalink = null, bool IsForText = false, bool IsFirstTheUrl = false, bool IsJudged = false)
    {
        /// <summary>The user's headers.</summary>
        public OriginHeaders? Headers { get; init; }

        /// <summary>How many connections a place is to have, where any of those of this address says so.</summary>
        public int? MostConnections(RemoteUrl url) =>
            Places.Concat(Metalink?.Mirrors ?? []).Where(place => place.Url.Uri == url.Uri).Min(place => place.MostConnections);

        /// <summary>Why an open file is not the one of the metalink; null where it may be.</summary>
        public string? FindFault(IRemoteFile file) =>
            Metalink is null ? null
            : MetalinkDocument.IsLabelledAsOne(file.Info) ? "it leads to another metalink"
            : Metalink.Size is { } told && file.Info.SourceSize is { } size && size != told ? $"the file has {size} bytes there, where the metalink says {told}"
            : null;

        /// <summary>Whether the next place may have what this one does not. A URL that contradicts the metalink given beside it is another file's.</summary>
        public bool MayGoOn(int place, DownloadException e) => e.Kind is DownloadErrorKind.MetalinkInvalid
            ? place > 0 || !IsFirstTheUrl
            : e.Kind is DownloadErrorKind.RemoteUnreadable or DownloadErrorKind.NotAnImage or DownloadErrorKind.UrlInvalid;
    }
}
