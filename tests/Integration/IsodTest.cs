using System.Net;
using Kimchi.Isod.Fixtures;

namespace Kimchi.Isod.Integration.Tests;

/// <summary>A test with a real daemon, libvirtd and nginx.</summary>
public abstract class IsodTest
{
    private readonly List<IsodProcess> _daemons = [];

    private protected static PrivateLibvirtd Libvirtd => Servers.Libvirtd;

    private protected static NginxServer Nginx => Servers.Nginx;

    [TearDown]
    public async Task StopDaemons()
    {
        foreach (var daemon in _daemons)
        {
            if (TestContext.CurrentContext.Result.FailCount > 0) TestContext.Out.WriteLine(daemon.Log);
            await daemon.DisposeAsync();
        }

        _daemons.Clear();
    }

    private protected IsodProcess Prepare(params (string Key, string Value)[] settings) =>
        Prepare(Libvirtd, Servers.Pool, settings);

    private protected IsodProcess Prepare(PrivateLibvirtd libvirtd, string pool, params (string Key, string Value)[] settings)
    {
        var daemon = new IsodProcess(libvirtd.Uri, pool, settings);
        _daemons.Add(daemon);
        return daemon;
    }

    private protected async Task<IsodProcess> StartAsync(params (string Key, string Value)[] settings)
    {
        var daemon = Prepare(settings);
        await daemon.StartAsync();
        return daemon;
    }

    /// <summary>A name that no other test uses.</summary>
    private protected static string NewName() => $"{Guid.NewGuid():N}.iso"[4..];

    private protected static string InPool(string name) => Path.Combine(Servers.Pool, name);

    /// <summary>Starts a download, waits for its end, and compares it with its source.</summary>
    private protected static async Task DownloadAndCompareAsync(IsodProcess daemon, string url, string source)
    {
        var name = NewName();
        var reply = await daemon.Client.StartAsync(url, name);
        Assert.That(reply.Status, Is.EqualTo(HttpStatusCode.OK), reply.Body);
        await daemon.Client.WaitUntilCompletedAsync(name);
        AssertSame(name, source);
        File.Delete(InPool(name));
    }

    private protected static void AssertSame(string name, string source) =>
        Assert.That(TestFiles.FindDifference(InPool(name), source), Is.Null, "the first different byte");

    private protected static void AssertError(ApiReply reply, int status, string id)
    {
        Assert.That((int)reply.Status, Is.EqualTo(status), reply.Body);
        Assert.That(reply.Text("reason"), Does.StartWith(id + ": "));
        Assert.That(reply.Text("code"), Does.StartWith($"{status} "));
        Assert.That(reply.ContentType, Is.EqualTo("application/json; charset=utf-8"));
    }
}
