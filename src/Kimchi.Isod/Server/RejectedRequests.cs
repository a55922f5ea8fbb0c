using System.IO.Pipelines;
using System.Text;
using System.Text.Json;
using Kimchi.Isod.Contracts;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.AspNetCore.WebUtilities;
using BadHttpRequestException = Microsoft.AspNetCore.Http.BadHttpRequestException;

namespace Kimchi.Isod.Server;

/// <summary>Gives a body to the refusal of a request that Kestrel cannot read, and which no middleware sees therefore.</summary>
/// <remarks>
/// Kestrel tells of such a request by an event, then answers with an empty body and closes the connection. The event leaves our answer with the
/// connection, whose <see cref="ReplyingWriter"/> sends it in place of Kestrel's. Streams of HTTP/2 are reset without an answer.
/// </remarks>
internal sealed class RejectedRequests : IObserver<KeyValuePair<string, object?>>
{
    /// <summary>The event's name, in the diagnostic listener of ASP.NET.</summary>
    public const string Event = "Microsoft.AspNetCore.Server.Kestrel.BadRequest";

    /// <summary>Puts the writer between Kestrel and a connection.</summary>
    public static void AnswerOn(ListenOptions listen) => listen.Use(next => async connection =>
    {
        var transport = connection.Transport;
        var writer = new ReplyingWriter(transport.Output);
        connection.Features.Set(writer);
        connection.Transport = new Duplex(transport.Input, writer);
        try
        {
            await next(connection);
        }
        finally
        {
            connection.Transport = transport;
        }
    });

    /// <inheritdoc/>
    public void OnNext(KeyValuePair<string, object?> value)
    {
        if (value.Value is not IFeatureCollection features) return;
        if (features.Get<ReplyingWriter>() is not { } writer) return;
        if (features.Get<IBadRequestExceptionFeature>()?.Error is not BadHttpRequestException refusal) return;
        // What has begun already cannot be answered differently any more; Kestrel closes the connection.
        if (features.Get<IHttpResponseFeature>() is not { HasStarted: false } response) return;
        writer.Reply = Describe(refusal, response.Headers.Allow, withBody: features.Get<IHttpRequestFeature>()?.Method != HttpMethods.Head);
    }

    /// <inheritdoc/>
    public void OnCompleted()
    {
    }

    /// <inheritdoc/>
    public void OnError(Exception error)
    {
    }

    private static byte[] Describe(BadHttpRequestException refusal, string? allow, bool withBody)
    {
        var code = $"{refusal.StatusCode} {ReasonPhrases.GetReasonPhrase(refusal.StatusCode)}";
        var reason = $"{MessageIds.RequestUnreadable}: the request cannot be read: {refusal.Message}{Hint(refusal.StatusCode)}";
        var body = JsonSerializer.SerializeToUtf8Bytes(new ErrorReply(code, reason), ApiJson.Wire.ErrorReply);
        var head = Encoding.ASCII.GetBytes(
            $"HTTP/1.1 {code}\r\nContent-Type: application/json; charset=utf-8\r\nContent-Length: {body.Length}\r\nConnection: close\r\n" +
            (allow is null ? "\r\n" : $"Allow: {allow}\r\n\r\n"));
        return withBody ? [.. head, .. body] : head;
    }

    private static string Hint(int status) => status switch
    {
        StatusCodes.Status408RequestTimeout => "; see server:header_timeout",
        StatusCodes.Status431RequestHeaderFieldsTooLarge => "; see server:max_header_size",
        _ => "",
    };

    private sealed record Duplex(PipeReader Input, PipeWriter Output) : IDuplexPipe;
}
