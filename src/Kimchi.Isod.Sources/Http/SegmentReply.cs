using System.Net;
using Kimchi.Isod.Core.Errors;
using Kimchi.Isod.Core.Remote;

namespace Kimchi.Isod.Sources.Http;

/// <summary>Which replies are the part of a file that one of several connections asks for: 206 with exactly these bytes, of a file of the
/// same size. Nothing else is taken in their place.</summary>
internal static class SegmentReply
{
    /// <summary>Lets such a reply pass.</summary>
    /// <exception cref="DownloadException">It is another one. With <see cref="DownloadException.IsUnusableRest"/> the server cannot be asked
    /// for parts.</exception>
    public static void Require(HttpReply reply, RemoteRequest request)
    {
        if (reply.Status is not (HttpStatusCode.PartialContent or HttpStatusCode.OK or HttpStatusCode.RequestedRangeNotSatisfiable)) throw reply.Refusal();
        if (FindFault(reply, request) is { } fault) throw DownloadException.UnusableRest($"{reply.Url}: the server {fault}");
    }

    private static string? FindFault(HttpReply reply, RemoteRequest request)
    {
        if (!reply.IsPartial) return $"answered {(int)reply.Status} where a part of the file was asked for";
        if (ReplyRules.FindFault(reply) is { } fault) return fault;
        if (reply.Range is not { From: { } from, To: { } to } || from != request.SourceOffset || to != request.SourceEnd - 1)
            return $"sent {reply.Range?.From}-{reply.Range?.To} where the bytes {request.SourceOffset}-{request.SourceEnd - 1} were asked for";
        return reply.Range.Total == request.Expected!.SourceSize ? null : $"says that the file has {reply.Range.Total} bytes instead of {request.Expected.SourceSize}";
    }
}
