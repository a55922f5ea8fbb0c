using Kimchi.Isod.Fixtures;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;

namespace Kimchi.Isoctl.Tests;

/// <summary>A server on a Unix socket that answers as each test wants.</summary>
internal sealed class FakeDaemon : IAsyncDisposable
{
    private readonly TemporaryDirectory _directory = new("isoctl");
    private readonly WebApplication _app;

    private FakeDaemon(RequestDelegate answer)
    {
        Socket = _directory["isod.sock"];
        var builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
        builder.WebHost.UseKestrelCore().ConfigureKestrel(kestrel => kestrel.ListenUnixSocket(Socket));
        _app = builder.Build();
        _app.Run(async context =>
        {
            lock (Requests) Requests.Add($"{context.Request.Method} {context.Request.Path.Value}");
            await answer(context);
        });
    }

    public string Socket { get; }

    /// <summary>Methods and paths of all that was asked.</summary>
    public List<string> Requests { get; } = [];

    public static async Task<FakeDaemon> StartAsync(RequestDelegate answer)
    {
        var daemon = new FakeDaemon(answer);
        await daemon._app.StartAsync();
        return daemon;
    }

    public async ValueTask DisposeAsync()
    {
        await _app.DisposeAsync();
        _directory.Dispose();
    }
}
