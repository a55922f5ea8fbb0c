using System.Net;
using Kimchi.Isod.Core.Errors;
using Kimchi.Isod.Core.Remote;

namespace Kimchi.Isod.Sources.Http;

/// <summary>Asks for the rest of a file, and for the whole where the rest cannot be had or would prove nothing.</summary>
/// <remarks>
/// A reply that contradicts itself or the request is no evidence of a new version. After the first one the same is asked again, later;
/// at the second one the bytes that are too many are taken away, where the reply says what it is, or the whole file is asked for.
/// </remarks>
internal sealed class HttpContinuation(HttpExchange exchange, RemoteRequest request)
{
    private readonly Validator _expected = request.Expected ?? throw new ArgumentException("an offset needs the version it belongs to", nameof(request));

    /// <summary>Finds a reply whose body can be used.</summary>
    /// <returns>The reply, and the byte that its body must begin at.</returns>
    /// <exception cref="DownloadException">None could be had.</exception>
    public async Task<(HttpReply Reply, long Offset)> AskAsync(CancellationToken cancellationToken)
    {
        var isWorthAsking = (_expected.IsStrong || request.IsJudged) && request.RangeRefusals < RemoteRequest.MostRangeRefusals;
        if (isWorthAsking && await TryRestAsync(cancellationToken) is { } found) return found;
        return (await exchange.GetAsync(request, null, cancellationToken), 0);
    }

    private async Task<(HttpReply Reply, long Offset)?> TryRestAsync(CancellationToken cancellationToken)
    {
        var reply = await AskForRestAsync(cancellationToken);
        for (var left = Mirrors.MostAsked; left > 0 && Mirrors.IsAnother(reply, _expected); left--)
        {
            // Its body is not read, so its connection is closed, and the next one may lead to the mirror whose tag is the expected one.
            reply.Dispose();
            reply = await AskForRestAsync(cancellationToken);
        }

        using var guard = new Unless(reply);
        return Choose(reply) is { } offset ? guard.Pass((reply, offset)) : null;
    }

    private async Task<HttpReply> AskForRestAsync(CancellationToken cancellationToken)
    {
        var range = RequestedRange.Of(_expected, request.SourceOffset, request.SourceEnd);
        var reply = await exchange.GetAsync(request, range, cancellationToken);
        if (reply.Status is not HttpStatusCode.OK || range.IfETag is null || FindContradiction(reply) is not null
            || _expected.CompareWith(reply.Version) is not VersionMatch.Same) return reply;
        // Some content delivery networks answer 200 to a right If-Range; the headers tell that nothing has changed.
        reply.Dispose();
        return await exchange.GetAsync(request, range with { IfETag = null }, cancellationToken);
    }

    // The byte that the reply begins at; null to ask for the whole file instead.
    private long? Choose(HttpReply reply) => reply.Status switch
    {
        HttpStatusCode.NoContent => 0,
        HttpStatusCode.OK => FindContradiction(reply) is { } fault ? Refuse(reply, fault) : 0,
        HttpStatusCode.PartialContent => ChoosePart(reply),
        HttpStatusCode.RequestedRangeNotSatisfiable => IsEnd(reply) ? request.SourceOffset : null,
        HttpStatusCode.PreconditionFailed => null,
        _ => ChooseAfterRefusal(reply),
    };

    private long? ChoosePart(HttpReply reply)
    {
        if (ReplyRules.FindFault(reply) is { } fault) return Refuse(reply, fault);
        if (IsSameVersionWithAnotherSize(reply))
            return Refuse(reply, $"says that the file has {reply.Version.SourceSize} bytes, where it said {_expected.SourceSize} of the same version");
        var (from, to) = (reply.Range!.From!.Value, reply.Range.To!.Value);
        var isUsable = request.Allows(_expected.CompareWith(reply.Version));
        if (from == request.SourceOffset) return isUsable ? from : null;
        var hasIt = isUsable && from < request.SourceOffset && to >= request.SourceOffset;
        return Refuse(reply, ReplyRules.Elsewhere(reply, request.SourceOffset), hasIt ? from : null);
    }

    // The first reply that cannot be used is a failure that may pass, after the next one something else is done.
    private long? Refuse(HttpReply reply, string fault, long? otherwise = null) => request.RangeRefusals > 0
        ? otherwise
        : throw DownloadException.UnusableRest($"{reply.Url}: the server {fault}");

    // A refusal may be meant for the range alone, which the whole file then tells.
    private long? ChooseAfterRefusal(HttpReply reply)
    {
        var refusal = reply.Refusal();
        if (refusal.RetryAfter is not null || (int)reply.Status is 401 or 404 or 407 or 408 or 410 or 425 or 429) throw refusal;
        if (refusal.IsTransient && request.RangeRefusals == 0) throw DownloadException.UnusableRest(refusal.Message, refusal);
        return null;
    }

    private string? FindContradiction(HttpReply reply)
    {
        if (reply.HasRange) return "sent a part of the file as if it were the whole";
        if (reply.Version.SourceSize is { } size && size != _expected.SourceSize && size == _expected.SourceSize - request.SourceOffset)
            return $"sent as many bytes as are missing ({size}) as if they were the whole file";
        return IsSameVersionWithAnotherSize(reply)
            ? $"says that the file has {reply.Version.SourceSize} bytes, where it said {_expected.SourceSize} of the same version"
            : null;
    }

    private bool IsSameVersionWithAnotherSize(HttpReply reply) =>
        reply.Version.SourceSize is { } size && _expected.SourceSize is { } known && size != known
        && (_expected with { SourceSize = null }).CompareWith(reply.Version with { SourceSize = null }) is VersionMatch.Same;

    // RFC 9110, section 15.5.17: what is stored is all there is, of a file whose size was not known.
    private bool IsEnd(HttpReply reply) =>
        _expected.SourceSize is null && reply.Range is { From: null, Total: { } total } && total == request.SourceOffset
        && _expected.CompareWith(reply.Version) is not VersionMatch.Different;
}
