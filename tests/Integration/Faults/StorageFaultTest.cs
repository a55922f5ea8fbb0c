using System.Diagnostics.CodeAnalysis;
using System.Net;
using System.Text.RegularExpressions;
using Kimchi.Isod.Fixtures;

namespace Kimchi.Isod.Integration.Tests.Faults;

/// <summary>A test with a libvirtd of its own, to which things happen, and one slow download into it.</summary>
[Parallelizable(ParallelScope.Self)]
public abstract class StorageFaultTest : IsodTest
{
    private protected const long Size = 24_000_000;

    private protected PrivateLibvirtd OwnLibvirtd { get; private set; } = null!;

    private protected string Pool { get; private set; } = "";

    [SuppressMessage("Structure", "NUnit1032", Justification = "StopDaemons disposes it.")]
    private protected IsodProcess Daemon { get; private set; } = null!;

    private protected string Name { get; private set; } = "";

    private protected string Source { get; private set; } = "";

    private string _path = "";
    private long _stored;

    [SetUp]
    public void StartLibvirtd()
    {
        // libvirtd sees only what is mounted before it starts.
        var pool = MakePoolDirectory();
        OwnLibvirtd = StartOwnLibvirtd();
        Pool = pool ?? OwnLibvirtd.NewPoolDirectory();
        Name = NewName();
        Source = Nginx.AddFile(Name, Size);
    }

    [TearDown]
    public async Task StopLibvirtd()
    {
        await StopDaemons();
        OwnLibvirtd.Continue();
        OwnLibvirtd.Dispose();
        File.Delete(Source);
    }

    /// <summary>A directory for the pool; null for any.</summary>
    private protected virtual string? MakePoolDirectory() => null;

    private protected virtual PrivateLibvirtd StartOwnLibvirtd() => new();

    private protected string VolumePath => Path.Combine(Pool, Name);

    /// <summary>Starts the daemon and a download, and waits until a part of it is stored.</summary>
    private protected async Task BeginAsync(params (string Key, string Value)[] settings)
    {
        await StartDownloadAsync("slow/", settings);
        await Daemon.Client.WaitForBytesAsync(Name, 4_000_000);
        _stored = (await Daemon.Client.StatusAsync(Name)).Number("downloaded_size");
    }

    /// <summary>Starts the daemon and a download from one of nginx's locations.</summary>
    private protected Task StartDownloadAsync(string location, params (string Key, string Value)[] settings) =>
        StartDownloadAsync(new Uri(Nginx.Url(location + Name)), settings);

    /// <summary>Starts the daemon, after a change of what it is to have.</summary>
    private protected Task StartDaemonAsync(Action<IsodProcess> change, params (string Key, string Value)[] settings)
    {
        Daemon = Prepare(OwnLibvirtd, Pool, settings);
        change(Daemon);
        return Daemon.StartAsync();
    }

    /// <summary>Starts the daemon and a download.</summary>
    private protected async Task StartDownloadAsync(Uri url, params (string Key, string Value)[] settings)
    {
        _path = url.AbsolutePath;
        await StartDaemonAsync(_ => { }, settings);
        var reply = await Daemon.Client.StartAsync(url.AbsoluteUri, Name);
        Assert.That(reply.Status, Is.EqualTo(HttpStatusCode.OK), reply.Body);
    }

    /// <summary>Waits until the download has failed.</summary>
    /// <returns>Why.</returns>
    private protected async Task<string> WaitUntilFailedAsync()
    {
        var status = await Daemon.Client.WaitForAsync(Name, s => s.Id == "KCHDL0007E");
        return status.Text("reason");
    }

    private protected async Task RetryAsync()
    {
        var reply = await Daemon.Client.RetryAsync(Name);
        Assert.That(reply.Status, Is.EqualTo(HttpStatusCode.OK), reply.Body);
    }

    private protected async Task AssertCompletesAsync()
    {
        await Daemon.Client.WaitUntilCompletedAsync(Name);
        Assert.That(TestFiles.FindDifference(VolumePath, Source), Is.Null, "the first different byte");
    }

    /// <summary>What nginx replied to the download's requests.</summary>
    private protected IReadOnlyList<AccessLogEntry> Replies => [.. Nginx.AccessLog.Where(reply => reply.Uri == _path)];

    private protected void AssertNothingStoredWasFetchedAgain() => Assert.That(
        Replies.Skip(1).Select(reply => reply.Start), Is.Not.Empty.And.All.GreaterThanOrEqualTo(_stored), "where later requests began");
}
