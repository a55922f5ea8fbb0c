using System.Net;
using Kimchi.Isod.Core.Errors;

namespace Kimchi.Isod.Sources.Http;

/// <summary>Which replies are a file's bytes, as they are, from the place that was asked for.</summary>
internal static class ReplyRules
{
    /// <summary>Lets a reply pass whose body is the file from <paramref name="offset"/> on.</summary>
    /// <exception cref="DownloadException">It is not.</exception>
    public static void Require(HttpReply reply, long offset, TimeProvider time)
    {
        if (IsEmpty(reply)) throw NotAFile(reply, "the file is empty");
        if (reply.Status is not (HttpStatusCode.OK or HttpStatusCode.PartialContent))
            throw ReplyFailures.Refused(reply, time);
        if (!reply.Lengths.IsUsable) throw Broken(reply, "sent a Content-Length that is none, or several that differ");
        if (reply.IsPartial) RequireRange(reply, offset);
        else if (IsPartOnly(reply)) throw Broken(reply, "sent a part of the file as if it were the whole");
        if (ContentCodings.FindIn(reply.Response) is { } coding)
            throw NotAFile(reply, $"the server sent the file encoded ({coding}) though it was asked not to; use another mirror");
    }

    /// <summary>Whether the server says that the file has no bytes: RFC 9110, section 15.5.17 for the range.</summary>
    public static bool IsEmpty(HttpReply reply) => reply.Status switch
    {
        HttpStatusCode.OK => reply.Version.SourceSize == 0,
        HttpStatusCode.NoContent => true,
        HttpStatusCode.RequestedRangeNotSatisfiable => reply.Range is { From: null, Total: 0 },
        _ => false,
    };

    /// <summary>Why a partial reply cannot be used, wherever it begins; null where it can. It may end early: RFC 9110, section 15.3.7.</summary>
    public static string? FindFault(HttpReply reply)
    {
        if (reply.MediaType == "multipart/byteranges") return "sent several parts (multipart/byteranges) where one was asked for";
        if (reply.Range is not { From: { } from, To: { } to }) return "sent a part of the file without telling which (no usable Content-Range)";
        return reply.Lengths.Bytes is { } length && length != to - from + 1
            ? $"announced bytes {from} to {to} but a body of {length} bytes"
            : null;
    }

    /// <summary>Why the bytes of a part are not those that were asked for.</summary>
    public static string Elsewhere(HttpReply reply, long offset) =>
        $"sent the bytes from {reply.Range?.From} on where those from {offset} on were asked for";

    private static void RequireRange(HttpReply reply, long offset)
    {
        if (FindFault(reply) is { } fault) throw Broken(reply, fault);
        if (reply.Range?.From != offset) throw Broken(reply, Elsewhere(reply, offset));
    }

    // A Content-Range has no meaning in a 200 (RFC 9110, section 14.4), and does no harm where it is of all bytes.
    private static bool IsPartOnly(HttpReply reply) =>
        reply.Range is { From: { } from } range && (from != 0 || (range.Total is { } total && total != range.To + 1)
            || (reply.Lengths.Bytes is { } length && length != range.To + 1));

    /// <summary>A reply that contradicts itself or its request, which another try may get right.</summary>
    public static DownloadException Broken(HttpReply reply, string what) =>
        DownloadException.Transient(DownloadErrorKind.RemoteUnreadable, $"{reply.Url}: the server {what}");

    private static DownloadException NotAFile(HttpReply reply, string why) =>
        new(DownloadErrorKind.NotAnImage, $"{reply.Url}: {why}");
}
