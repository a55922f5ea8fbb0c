using Kimchi.Isod.Contracts;
using Kimchi.Isod.Core.Errors;
using Microsoft.AspNetCore.WebUtilities;

namespace Kimchi.Isod.Api;

/// <summary>Gives every error its body, from a routing miss to a crash.</summary>
internal sealed class ErrorReplies(RequestDelegate next, ILogger<ErrorReplies> logger)
{
    // libvirt is tried anew at each call; this keeps clients from hammering it.
    private const string LibvirtRetryAfterSeconds = "5";

    public async Task InvokeAsync(HttpContext context)
    {
        try
        {
            await next(context);
            if (context.Response is { HasStarted: false, ContentLength: null, ContentType: null, StatusCode: >= 400 and var status })
                await WriteEmptyAsync(context, status);
        }
        catch (OperationCanceledException) when (context.RequestAborted.IsCancellationRequested)
        {
            // The client is gone; nobody reads an answer.
            context.Audit().IsAbandoned = true;
        }
        catch (DownloadException e)
        {
            var (id, status) = ErrorCatalog.Find(e.Kind);
            await WriteAsync(context, status, id, e.Failure is { } cause ? $"{e.Message}: {ErrorCatalog.Describe(cause)}" : e.Message);
        }
        catch (ApiException e)
        {
            await WriteAsync(context, e.Status, e.Id, e.Message);
        }
        catch (BadHttpRequestException e)
        {
            await WriteBadRequestAsync(context, e);
        }
        catch (Exception e) // Anything else is ours to mend: the client gets the request's id, the log all of it.
        {
            logger.RequestFailed(e, context.TraceIdentifier, context.Request.Method, context.Request.Path);
            await WriteAsync(
                context, 500, MessageIds.Unforeseen, $"an unforeseen error; the daemon's log has it under request {context.TraceIdentifier}");
        }
    }

    private static Task WriteEmptyAsync(HttpContext context, int status) => status switch
    {
        404 => WriteAsync(context, status, MessageIds.NoSuchPath, $"there is nothing at {context.Request.Path}"),
        405 => WriteAsync(
            context, status, MessageIds.MethodNotAllowed,
            $"{context.Request.Path} does not answer {context.Request.Method}; use {context.Response.Headers.Allow}"),
        _ => WriteAsync(context, status, MessageIds.Unforeseen, $"the request was refused (request {context.TraceIdentifier})"),
    };

    private static Task WriteBadRequestAsync(HttpContext context, BadHttpRequestException e) => e.StatusCode switch
    {
        413 => WriteAsync(context, 413, MessageIds.BodyTooLarge, $"the body has more than {RequestBody.MaxBytes} bytes"),
        var status => WriteAsync(context, status, MessageIds.NotJson, $"the request cannot be read: {e.Message}"),
    };

    private static async Task WriteAsync(HttpContext context, int status, string id, string message)
    {
        if (context.Response.HasStarted)
        {
            context.Abort();
            return;
        }

        context.Response.StatusCode = status;
        if (status == 503) context.Response.Headers.RetryAfter = LibvirtRetryAfterSeconds;
        context.Audit().Refusal = $"{id}: {message}";
        var reply = new ErrorReply($"{status} {ReasonPhrases.GetReasonPhrase(status)}", $"{id}: {message}");
        await context.ReplyAsync(reply, ApiJson.Wire.ErrorReply);
    }
}
