using Kimchi.Isod.Core.Errors;
using Kimchi.Isod.Core.Images;
using Kimchi.Isod.Core.Options;
using Kimchi.Isod.Core.Remote;
using Kimchi.Isod.Core.State;

namespace Kimchi.Isod.Core.Running;

/// <summary>Judges whether a file ended where its bytes did. An end that nothing proves is none.</summary>
internal static class ImageEnd
{
    private const string Help =
        "give the download a checksum, or take such ends for the file's (downloads:unproven_end = accept)";

    /// <summary>Notes the end of a transfer that has brought the last byte.</summary>
    /// <param name="record">The download; all its bytes are stored.</param>
    /// <param name="head">The image's first bytes.</param>
    /// <param name="evidence">What the server said of the end.</param>
    /// <param name="policy">What to do where nothing proves it.</param>
    /// <returns>The record with the image's size, and with a warning where the image tells of another.</returns>
    /// <exception cref="DownloadException">Nothing proves the end (<see cref="DownloadErrorKind.EndUnproven"/>), or the image itself says
    /// that it goes on.</exception>
    public static DownloadRecord Judge(DownloadRecord record, ReadOnlySpan<byte> head, EndEvidence evidence, UnprovenEndPolicy policy)
    {
        var isoSize = IsoSize.Read(head);
        if (record.SourceSize is null && evidence is not EndEvidence.Told) Require(record, isoSize, evidence, policy);
        return record with
        {
            Version = record.Version with { SourceSize = SourceMapping.SourceSize(record.ImagePosition) },
            Warning = isoSize > record.ImagePosition
                ? $"the image has {record.ImagePosition} bytes, its ISO 9660 descriptor says {isoSize}: it may be cut off where it comes from"
                : null,
            Doubt = evidence is EndEvidence.Told || record.Doubt is not JoinDoubt.None ? record.Doubt : JoinDoubt.Weak,
        };
    }

    /// <summary>Ends a download whose end nothing will prove, as soon as its first bytes are there.</summary>
    /// <exception cref="DownloadException">Its end cannot be proven.</exception>
    public static void RequireProvable(DownloadRecord record, ReadOnlySpan<byte> head, EndEvidence evidence, UnprovenEndPolicy policy)
    {
        if (record is { SourceSize: null, IsJudged: false } && evidence is EndEvidence.None && policy is UnprovenEndPolicy.Refuse
            && IsoSize.Read(head) is null)
            throw Unproven("will prove");
    }

    /// <summary>Why a part that ended as it was announced is not followed by the next one, for the end of a sentence; empty where the server did
    /// not even send all that it had announced.</summary>
    public static string WhyNoPartFollows(DownloadRecord record, EndEvidence evidence)
    {
        if (evidence is not EndEvidence.Part) return "";
        return record.Version.IsStrong || Continuation.IsJudged(record)
            ? ", and no other part of the same file followed"
            : ", and nothing proves that the next part would be of the same file: the server sends no strong ETag or Last-Modified; give a checksum";
    }

    private static void Require(DownloadRecord record, long? isoSize, EndEvidence evidence, UnprovenEndPolicy policy)
    {
        if (evidence is EndEvidence.Part)
        {
            throw DownloadException.Transient(
                DownloadErrorKind.RemoteUnreadable, $"the server's part of the file ended at byte {record.ImagePosition}{WhyNoPartFollows(record, evidence)}");
        }

        if (record.IsJudged || isoSize == record.ImagePosition || policy is UnprovenEndPolicy.Accept) return;
        if (isoSize > record.ImagePosition)
        {
            throw DownloadException.Transient(
                DownloadErrorKind.RemoteUnreadable,
                $"the connection ended at byte {record.ImagePosition} of {isoSize} that the image's ISO 9660 descriptor tells");
        }

        throw Unproven("proves");
    }

    private static DownloadException Unproven(string proves) => new(
        DownloadErrorKind.EndUnproven,
        $"nothing {proves} the end of the file: the server tells no length, and its connection may end anywhere; {Help}");
}
