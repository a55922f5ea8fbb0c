using Kimchi.Isod.Core.Downloads;
using Kimchi.Isod.Core.Errors;
using Kimchi.Isod.Core.Images;
using Kimchi.Isod.Core.Remote;
using Kimchi.Isod.Core.State;

namespace Kimchi.Isod.Core.Running;

/// <summary>Opens a file where the stored bytes end, and decides whether it goes on there or begins again.</summary>
/// <remarks>What is stored stays until a reply has proven, by its validator or by its first bytes, to be a version of the file.</remarks>
internal sealed class Continuation(Download download, RunControl run, DownloadServices services)
{
    /// <summary>Why the file that was opened last begins again; null where it goes on, or nothing was stored.</summary>
    public string? Restart { get; private set; }

    /// <summary>Opens the file.</summary>
    /// <param name="opened">The file, where the start has opened it already.</param>
    /// <exception cref="DownloadException">It cannot be, or the reply is no evidence of the file.</exception>
    public async Task<IRemoteFile> OpenAsync(IRemoteFile? opened)
    {
        var position = download.Record.ImagePosition;
        var file = opened ?? await OpenAtAsync(SourceMapping.SourceOffset(position), run.Stopping);
        if (position > 0 && file.SourceOffset == 0) file = await JudgeWholeAsync(file);
        else if (position > 0) NoteJoin(file);
        else if (download.Record.StoredBytes > 0) await JudgeBeginningAsync(file);
        return file.End is EndEvidence.Part ? new JoinedParts(file, OpenAtAsync, IsSameFile, EndOfGap) : file;
    }

    // What is known of the file at the present source. Of a mirror, where a checksum judges the whole, only the size that it must have.
    private Validator Known => download.IsVersionOfSource || !IsJudged(download.Record)
        ? download.Record.Version
        : new Validator(null, null, download.Record.SourceSize);

    private long? EndOfGap => download.Record.FirstGap is { IsInside: true, End: { } end } ? SourceMapping.SourceOffset(end) : null;

    private async Task<IRemoteFile> OpenAtAsync(long sourceOffset, CancellationToken cancellationToken)
    {
        var record = download.Record;
        var source = download.Source;
        var request = new RemoteRequest(
            source.Url, download.CredentialsFor(source), sourceOffset, sourceOffset > 0 ? Known : null, IsJudged(record), record.RangeRefusals)
        {
            SourceEnd = EndOfGap,
            Headers = record.Headers,
        };
        return await services.Source.OpenAsync(request, cancellationToken);
    }

    private bool IsSameFile(IRemoteFile next)
    {
        var match = Known.CompareWith(next.Info.Version);
        if (match is VersionMatch.Different || (match is VersionMatch.Unknown && !IsJudged(download.Record))) return false;
        NoteJoin(next);
        return true;
    }

    private void NoteJoin(IRemoteFile file)
    {
        var record = download.Record;
        var isWeak = Known.CompareWith(file.Info.Version) is not VersionMatch.Same;
        var joined = record with
        {
            RangeRefusals = file.SourceOffset == SourceMapping.SourceOffset(record.ImagePosition) ? 0 : record.RangeRefusals,
            IsResumable = record.IsResumable && file.Info.IsResumable is not false && !(file.SourceOffset == 0 && AsksForRest(record)),
            Doubt = isWeak && record.Doubt is JoinDoubt.None ? JoinDoubt.Weak : record.Doubt,
        };
        if (joined == record) return;
        download.Change(r => r with { RangeRefusals = joined.RangeRefusals, IsResumable = joined.IsResumable, Doubt = joined.Doubt });
    }

    // A whole file where its rest was wanted. Where it is the same one, the bytes that are stored are taken away from it.
    private async Task<IRemoteFile> JudgeWholeAsync(IRemoteFile whole)
    {
        var file = await PeekedFile.OpenAsync(whole, HeldHead.Size, run.Stopping);
        try
        {
            var head = download.Image.LoadHead();
            Judge(file, head);
            return file;
        }
        catch
        {
            await file.DisposeAsync();
            throw;
        }
    }

    private void Judge(PeekedFile file, byte[] head)
    {
        RequireJudgedFile(file.Info);
        var record = download.Record;
        var match = Known.CompareWith(file.Info.Version);
        var isSameHead = file.Head.StartsWith(head);
        var mayJoin = match is VersionMatch.Same || (match is VersionMatch.Unknown && IsJudged(record));
        if (mayJoin && isSameHead)
        {
            NoteJoin(file);
            return;
        }

        if (!IsNewByValidator(Known, file.Info.Version)) RequireVersion(file, match, isSameHead, head);
        Restart = match switch
        {
            VersionMatch.Unknown when isSameHead || !file.Info.Version.IsStrong =>
                "nothing proves that the rest would be of the same file (no strong ETag or Last-Modified, and no checksum)",
            VersionMatch.Same when isSameHead => "the server cannot continue in the middle",
            _ => "the remote file has changed",
        };
    }

    // What follows the head is stored, and the head is not.
    private async Task JudgeBeginningAsync(IRemoteFile file)
    {
        try
        {
            JudgeBeginning(file.Info);
        }
        catch
        {
            await file.DisposeAsync();
            throw;
        }
    }

    private void JudgeBeginning(RemoteFileInfo info)
    {
        RequireJudgedFile(info);
        var record = download.Record;
        var match = Known.CompareWith(info.Version);
        if (match is VersionMatch.Different) Restart = "the remote file has changed";
        else if (match is VersionMatch.Unknown && !IsJudged(record)) Restart = "nothing proves that the rest would be of the same file";
        else if (match is VersionMatch.Unknown && record.Doubt is JoinDoubt.None) download.Change(r => r with { Doubt = JoinDoubt.Weak });
    }

    // A mirror of another size is no reason to drop what is stored.
    private void RequireJudgedFile(RemoteFileInfo info)
    {
        if (download.IsVersionOfSource || !IsJudged(download.Record) || Known.CompareWith(info.Version) is not VersionMatch.Different) return;
        throw new DownloadException(
            DownloadErrorKind.RemoteUnreadable, $"{info.FinalUrl}: the file has {info.SourceSize} bytes there instead of {download.Record.SourceSize}");
    }

    // The tag or the date is another one, and a strong one. With another size beside the same tag a reply contradicts itself.
    private static bool IsNewByValidator(Validator stored, Validator found) => found.IsStrong
        && (stored.HasOtherDate(found) || (stored with { SourceSize = null }).CompareWith(found with { SourceSize = null }) is VersionMatch.Different);

    private void RequireVersion(PeekedFile file, VersionMatch match, bool isSameHead, byte[] head)
    {
        if (isSameHead) return;
        var record = download.Record;
        if (AsksForRest(record) && match is not VersionMatch.Different)
            throw Unproven(file, "what came in place of the rest does not begin as the file did, and nothing says that it is a new version of it");
        if (IsoSize.IsIso(head) && !IsoSize.IsIso(file.Head))
            throw Unproven(file, "the file was an ISO 9660 image, and what came in its place is none");
        try
        {
            ImageInspector.Inspect(file.Head, services.Options.Accept);
        }
        catch (DownloadException e)
        {
            throw Unproven(file, e.Message, e);
        }
    }

    private static DownloadException Unproven(PeekedFile file, string why, Exception? inner = null) =>
        DownloadException.UnusableRest($"{file.Info.FinalUrl}: {why}; what is stored is kept", inner);

    // As the source does: RemoteRequest.
    private static bool AsksForRest(DownloadRecord record) =>
        record.RangeRefusals < RemoteRequest.MostRangeRefusals && (record.Version.IsStrong || IsJudged(record));

    /// <summary>Whether a checksum or a signature judges what the parts of a file make.</summary>
    public static bool IsJudged(DownloadRecord record) => record is { IsJudged: true, Doubt: not JoinDoubt.FetchedAgain };
}
