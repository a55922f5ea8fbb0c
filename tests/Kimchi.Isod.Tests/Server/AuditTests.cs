using System.Text;
using Kimchi.Isod.Api;
using Kimchi.Isod.Contracts;
using Kimchi.Isod.Core.Errors;
using Kimchi.Isod.Fixtures;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Connections.Features;
using Microsoft.AspNetCore.Http;

namespace Kimchi.Isod.Tests.Server;

/// <summary>A client that goes away while its call is carried out hides nothing from the log.</summary>
public sealed class AuditTests
{
    private static readonly string Peer = $"pid {Environment.ProcessId}: ";

    [Test]
    public async Task Call_that_is_carried_out_after_its_client_has_gone_is_audited_as_done() => Assert.That(
        await AuditAbandonedAsync(async context =>
        {
            context.Audit().Name = "a.iso";
            await context.ReplyAsync(new EmptyReply(), ApiJson.Wire.EmptyReply);
        }),
        Does.EndWith(Peer + "done").And.Contains("pause of 'a.iso' in 'ISO'"));

    [Test]
    public async Task Call_that_is_refused_after_its_client_has_gone_is_audited_with_the_refusal() => Assert.That(
        await AuditAbandonedAsync(_ => throw new DownloadException(DownloadErrorKind.NotOngoing, "it is not ongoing")),
        Does.EndWith(Peer + "KCHDL0003E: it is not ongoing"));

    [Test]
    public async Task Call_that_fails_after_its_client_has_gone_is_audited_with_the_failure() => Assert.That(
        await AuditAbandonedAsync(_ => throw new DownloadException(DownloadErrorKind.StoreFailed, "no store")),
        Does.EndWith(Peer + "KCHSYS0001E: no store"));

    [Test]
    public async Task Call_that_is_given_up_since_its_client_has_gone_is_audited_as_that() => Assert.That(
        await AuditAbandonedAsync(context => Task.FromCanceled(context.RequestAborted)), Does.EndWith(Peer + "the client went away"));

    // The endpoint goes on when Kestrel has closed its end of the connection: from then on the socket cannot be asked for anything.
    private static async Task<string> AuditAbandonedAsync(RequestDelegate end)
    {
        var begun = new TaskCompletionSource();
        await using var server = await SocketServer.StartAsync(app => app.MapPost("/{pool}/pause", async context =>
        {
            begun.SetResult();
            await CloseAsync(context);
            await end(context);
        }).Audited("pause"));
        using (var socket = await server.ConnectAsync())
        {
            await socket.SendAsync(Encoding.ASCII.GetBytes("POST /ISO/pause HTTP/1.1\r\nHost: x\r\nContent-Length: 0\r\n\r\n"), CancellationToken.None);
            await begun.Task.WaitAsync(Patience.Limit);
        }

        await Patience.UntilAsync(() => Task.FromResult(server.Log.Any(IsAudit)), () => string.Join('\n', server.Log));
        await server.StopAsync();
        Assert.That(server.Log.Where(line => !IsAudit(line)), Has.None.Contains("xception"));
        return server.Log.Single(IsAudit).TrimEnd();
    }

    private static async Task CloseAsync(HttpContext context)
    {
        var socket = context.Features.Get<IConnectionSocketFeature>()!.Socket;
        await Patience.UntilAsync(
            () => Task.FromResult(context.RequestAborted.IsCancellationRequested && socket.SafeHandle.IsClosed),
            () => "Kestrel keeps the socket open");
    }

    private static bool IsAudit(string line) => line.Contains("audit: ", StringComparison.Ordinal);
}
