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
        if (reply.IsPartial) RequireRange(reply, offset);
        if (ContentCodings.FindIn(reply.Response) is { } coding)
            throw NotAFile(reply, $"the server sent the file encoded ({coding}) though it was asked not to; use another mirror");
    }

    /// <summary>Whether the server says that the file has no bytes: RFC 9110, section 15.5.17 for the range.</summary>
    public static bool IsEmpty(HttpReply reply) => reply.Status switch
    {
        HttpStatusCode.OK => reply.Version.Size == 0,
        HttpStatusCode.NoContent => true,
        HttpStatusCode.RequestedRangeNotSatisfiable => reply.Range is { From: null, Total: 0 },
        _ => false,
    };

    /// <summary>Lets a partial reply pass that begins where it was asked to. It may end early: RFC 9110, section 15.3.7.</summary>
    /// <exception cref="DownloadException">It does not.</exception>
    public static void RequireRange(HttpReply reply, long offset)
    {
        if (reply.MediaType == "multipart/byteranges")
            throw Broken(reply, "sent several parts (multipart/byteranges) where one was asked for");
        if (reply.Range is not { From: { } from, To: { } to })
            throw Broken(reply, "sent a part of the file without telling which (no usable Content-Range)");
        if (from != offset)
            throw Broken(reply, $"sent the bytes from {from} on where those from {offset} on were asked for");
        if (reply.Response.Content.Headers.ContentLength is { } length && length != to - from + 1)
            throw Broken(reply, $"announced bytes {from} to {to} but a body of {length} bytes");
    }

    /// <summary>A reply that contradicts itself or its request, which another try may get right.</summary>
    public static DownloadException Broken(HttpReply reply, string what) =>
        DownloadException.Transient(DownloadErrorKind.RemoteUnreadable, $"{reply.Url}: the server {what}");

    private static DownloadException NotAFile(HttpReply reply, string why) =>
        new(DownloadErrorKind.NotAnImage, $"{reply.Url}: {why}");
}
