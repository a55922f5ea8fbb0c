using Kimchi.Isod.Core.Commands;
using Kimchi.Isod.Core.Downloads;
using Kimchi.Isod.Core.Errors;
using Kimchi.Isod.Core.Options;
using Kimchi.Isod.Core.Recovery;
using Kimchi.Isod.Core.Running;
using Kimchi.Isod.Core.Segments;
using Kimchi.Isod.Core.Space;
using Kimchi.Isod.Core.Starting;
using Kimchi.Isod.Core.State;
using Kimchi.Isod.Core.Storing;
using Kimchi.Isod.Core.Transfer;
using Kimchi.Isod.Core.Volumes;
using Kimchi.Isod.Core.Watching;
using Microsoft.Extensions.Logging.Abstractions;
using NUnit.Framework.Constraints;

namespace Kimchi.Isod.Core.Tests.Fakes;

/// <summary>The domain with fakes at all its ports.</summary>
internal sealed class World
{
    public const string Url = "https://host/path/image.iso";
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    public World(int size, DownloadOptions? options = null, MemoryStore? store = null, MemoryPools? pools = null, TimeProvider? time = null,
        TrustOptions? trust = null)
    {
        Content = new byte[size];
        new Random(size).NextBytes(Content);
        Source = new ScriptedSource(Content);
        Store = store ?? new MemoryStore();
        Pools = pools ?? new MemoryPools();
        Options = options ?? new DownloadOptions { WindowSize = 100_000, PacketSize = 7_000, MinFree = 0, Retries = 0 };
        Trust = trust ?? new TrustOptions();
        time ??= TimeProvider.System;
        Registry = new DownloadRegistry(Feed);
        var volumes = new VolumeServices(Pools, Store, NullLogger<Download>.Instance);
        Services = new DownloadServices(
            Source, volumes, new PoolSpace(volumes, Registry, Options), Options, Trust, Signatures, new RateLimit(Options.LimitRate, time),
            new HostConnections(Options.ConnectionsPerHost, time), new BufferBudget(Options.BufferMemory), new DownloadStatistics(), time,
            NullLogger<Download>.Instance);
        Scheduler = new DownloadScheduler(Registry, Services);
        Catalog = new DownloadCatalog(Registry, Feed, Store, Pools);
        var cancellation = new Cancellation(Registry, Scheduler, Services);
        var starter = new DownloadStarter(Registry, Scheduler, Services);
        Commands = new DownloadCommands(
            Registry, Scheduler, starter, new DownloadProbe(Registry, Services), cancellation, Catalog,
            new KeepingStart(Registry, Scheduler, starter, Services), Services);
        Recovery = new DownloadRecovery(Registry, Scheduler, cancellation, Services);
    }

    public static IResolveConstraint ThrowsStoreFailed =>
        Throws.TypeOf<DownloadException>().With.Property("Kind").EqualTo(DownloadErrorKind.StoreFailed);

    public byte[] Content { get; }

    public ScriptedSource Source { get; }

    public MemoryStore Store { get; }

    public MemoryPools Pools { get; }

    public DownloadOptions Options { get; }

    public TrustOptions Trust { get; }

    public FakeVerifier Signatures { get; } = new();

    public DownloadFeed Feed { get; } = new();

    public DownloadRegistry Registry { get; }

    public DownloadServices Services { get; }

    public DownloadScheduler Scheduler { get; }

    public DownloadCommands Commands { get; }

    public DownloadCatalog Catalog { get; }

    public DownloadRecovery Recovery { get; }

    public Task<DownloadRecord> StartAsync(string? name = "a.iso", string? checksum = null) =>
        Commands.StartAsync(new StartRequest("ISO", Url, name, null, checksum), CancellationToken.None);

    /// <summary>Starts a download that waits at a byte until the test lets it go on.</summary>
    public async Task<Gate> StartHeldAsync(long position, string name = "a.iso", string? checksum = null)
    {
        var gate = new Gate(position);
        Source.BeforeRead = gate.PassAsync;
        await StartAsync(name, checksum);
        await gate.Reached;
        return gate;
    }

    public Task<KeptDownload> KeepAsync(string? name = "a.iso", string? checksum = null, string url = Url, CancellationToken stop = default) =>
        Commands.KeepAsync(new StartRequest("ISO", url, name, null, checksum), stop);

    public Task PauseAsync(string name = "a.iso") => Commands.PauseAsync(new VolumeId("ISO", name));

    public Task ResumeAsync(string name = "a.iso") => Commands.ResumeAsync(new VolumeId("ISO", name));

    public Task CancelAsync(string name = "a.iso") => Commands.CancelAsync(new VolumeId("ISO", name));

    public Task RetryAsync(string name = "a.iso") => Commands.RetryAsync(new VolumeId("ISO", name));

    public Task LimitAsync(long bytesPerSecond, string name = "a.iso") => Commands.SetLimitAsync(new VolumeId("ISO", name), bytesPerSecond);

    public Task<DownloadRecord> StatusAsync(string name = "a.iso") => Commands.GetStatusAsync(new VolumeId("ISO", name));

    /// <summary>Waits until the newest record of that name is in the state.</summary>
    public async Task<DownloadRecord> WaitForAsync(DownloadState state, string name = "a.iso")
    {
        using var patience = new CancellationTokenSource(Patience);
        while (true)
        {
            if (Store.FindNewest(new VolumeId("ISO", name)) is { } record && record.State == state) return record;
            if (patience.IsCancellationRequested)
                Assert.Fail($"'{name}' did not become {state}; it is {Store.FindNewest(new VolumeId("ISO", name))}");
            await Task.Delay(2, CancellationToken.None);
        }
    }
}
