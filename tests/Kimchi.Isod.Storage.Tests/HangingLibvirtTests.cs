using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using Kimchi.Isod.Core.Errors;
using Kimchi.Isod.Core.Volumes;
using Kimchi.Isod.Fixtures;
using Kimchi.Isod.Storage.Libvirt;
using Microsoft.Extensions.Logging.Abstractions;

namespace Kimchi.Isod.Storage.Tests;

/// <summary>A libvirt that hangs, restarts, or never answers. No keepalive is on, so that only the bounds of the calls end a wait.</summary>
[CancelAfter(60_000)]
public sealed class HangingLibvirtTests
{
    private static readonly TimeSpan Bound = TimeSpan.FromSeconds(1);

    // What a call may take beyond its bound, on a machine with much else to do; nothing here would end without the bound.
    private static readonly TimeSpan Slack = TimeSpan.FromSeconds(10);

    [Test]
    public async Task Calls_on_a_libvirtd_that_hangs_are_answered_in_time_and_the_very_next_one_after_it_works()
    {
        using var libvirtd = new PrivateLibvirtd();
        using var pools = Open(libvirtd.Uri, libvirtd.NewPoolDirectory());
        await CheckAsync(pools);
        libvirtd.Stop();

        await AssertSilentAsync(() => Task.WhenAll(Enumerable.Range(0, 8).Select(_ => CheckAsync(pools))));
        await AssertSilentAsync(() => pools.VolumeExistsAsync(new VolumeId("ISO", "a.iso"), CancellationToken.None));
        libvirtd.Continue();

        await CheckAsync(pools);
        Assert.That(await pools.VolumeExistsAsync(new VolumeId("ISO", "a.iso"), CancellationToken.None), Is.False);
    }

    [Test]
    public async Task Opening_on_a_libvirtd_that_hangs_is_answered_in_time_and_holds_callers_up_once_only()
    {
        using var libvirtd = new PrivateLibvirtd();
        using var pools = Open(libvirtd.Uri, libvirtd.NewPoolDirectory());
        libvirtd.Stop();

        // One after the other they would take eight times as long.
        await AssertSilentAsync(() => Task.WhenAll(Enumerable.Range(0, 8).Select(_ => CheckAsync(pools))));
        Assert.That(() => pools.OpenVolume(new VolumeId("ISO", "a.iso")), Throws.TypeOf<DownloadException>().With.Property("IsTransient").True);
        libvirtd.Continue();

        await CheckAsync(pools);
    }

    [Test]
    public async Task Unix_socket_whose_backlog_is_full_is_answered_in_time_and_works_once_it_is_served()
    {
        using var directory = new TemporaryDirectory("backlog");
        using var listener = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
        listener.Bind(new UnixDomainSocketEndPoint(directory["sock"]));
        listener.Listen(0);
        using var first = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
        first.Connect(new UnixDomainSocketEndPoint(directory["sock"])); // connect(2) waits from here on, and cannot be ended.
        using var pools = Open($"storage+unix:///system?socket={directory["sock"]}", directory["pool"]);

        await AssertSilentAsync(() => CheckAsync(pools));
        await AssertSilentAsync(() => CheckAsync(pools));
        listener.Close();

        var refusal = await Assert.ThrowsAsync<DownloadException>(() => CheckAsync(pools));
        Assert.That(refusal!.Message, Does.Contain("cannot be reached"));
    }

    [Test]
    public async Task Host_that_accepts_and_never_says_a_word_is_answered_in_time()
    {
        using var silent = new TcpListener(IPAddress.Loopback, 0);
        silent.Start();
        using var pools = Open($"storage+tcp://127.0.0.1:{((IPEndPoint)silent.LocalEndpoint).Port}/system", "/nowhere");

        await AssertSilentAsync(() => CheckAsync(pools));
    }

    [Test]
    public async Task Host_that_is_back_is_met_by_the_next_attempt_though_the_first_still_waits()
    {
        using var libvirtd = new PrivateLibvirtd();
        var directory = libvirtd.NewPoolDirectory();
        var address = new UnixDomainSocketEndPoint(Path.Combine(directory, "sock"));
        using var mute = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
        mute.Bind(address);
        mute.Listen(8);
        using var pools = Open($"storage+unix:///system?socket={address}", directory, TimeSpan.FromSeconds(30));
        List<Socket> held = [];
        async Task ComeBackAsync()
        {
            // The first attempt is never answered, as by a host that was gone before it could; the second meets libvirtd.
            held.Add(await mute.AcceptAsync());
            File.Delete(address.ToString());
            File.CreateSymbolicLink(address.ToString(), libvirtd.Uri.Split("socket=")[1]);
        }

        await Task.WhenAll(CheckAsync(pools), ComeBackAsync());
        held.ForEach(socket => socket.Dispose());
    }

    [Test]
    public async Task Call_that_nobody_waits_for_any_more_is_not_begun()
    {
        using var libvirtd = new PrivateLibvirtd();
        var directory = libvirtd.NewPoolDirectory();
        using var pools = Open(libvirtd.Uri, directory);
        await CheckAsync(pools);
        libvirtd.Stop();

        // The first holds the thread; the others wait for it.
        await AssertSilentAsync(() => Task.WhenAll(Enumerable.Range(0, 4)
            .Select(n => pools.CreateVolumeAsync(new VolumeId("ISO", $"{n}.iso"), 1000, 1000, CancellationToken.None))
            .Prepend(CheckAsync(pools))));
        libvirtd.Continue();

        await pools.CreateVolumeAsync(new VolumeId("ISO", "wanted.iso"), 1000, 1000, CancellationToken.None);
        Assert.That(Directory.GetFiles(directory), Is.EqualTo(new[] { Path.Combine(directory, "wanted.iso") }));
    }

    [Test]
    public async Task Not_even_one_call_fails_after_a_restart()
    {
        using var libvirtd = new PrivateLibvirtd();
        using var pools = Open(libvirtd.Uri, libvirtd.NewPoolDirectory());
        for (var i = 0; i < 5; i++)
        {
            await pools.GetServerVersionAsync(CancellationToken.None);
            libvirtd.Kill();
            libvirtd.Start();

            await CheckAsync(pools);
        }
    }

    [Test]
    public async Task Upload_to_a_libvirtd_that_hangs_ends_and_its_volume_can_be_disposed_of()
    {
        using var libvirtd = new PrivateLibvirtd();
        using var pools = Open(libvirtd.Uri, libvirtd.NewPoolDirectory(), TimeSpan.FromMilliseconds(100));
        await pools.CreateVolumeAsync(new VolumeId("ISO", "a.iso"), 1L << 30, 1L << 30, CancellationToken.None);
        var volume = pools.OpenVolume(new VolumeId("ISO", "a.iso"));
        var upload = volume.BeginUpload(0, 1L << 30);
        libvirtd.Stop();

        var failure = Assert.Throws<DownloadException>(() => Fill(upload));
        Assert.That(failure!.Message, Does.Contain("no answer within 2 s"), "twenty times as long as a call that asks");
        upload.Dispose();
        volume.Dispose();
        libvirtd.Continue();

        using var again = pools.OpenVolume(new VolumeId("ISO", "a.iso"));
        again.Delete();
    }

    private static void Fill(IVolumeUpload upload)
    {
        while (true) upload.Write(new byte[1 << 20]);
    }

    private static LibvirtPools Open(string uri, string directory, TimeSpan? bound = null) => new(
        new LibvirtOptions { Uri = uri, KeepaliveInterval = 0, CallTimeout = bound ?? Bound }, new PoolOptions { IsoPath = directory },
        new AllowedPools(["ISO"]), NullLogger<LibvirtPools>.Instance);

    private static Task CheckAsync(LibvirtPools pools) => pools.CheckPoolAsync("ISO", CancellationToken.None);

    private static async Task AssertSilentAsync(Func<Task> call)
    {
        var clock = Stopwatch.StartNew();
        var failure = await Assert.ThrowsAsync<DownloadException>(() => call());
        await TestContext.Out.WriteLineAsync($"{clock.Elapsed}: {failure!.Message}");
        Assert.That((failure.Kind, failure.IsTransient), Is.EqualTo((DownloadErrorKind.LibvirtUnreachable, true)));
        Assert.That(failure.Message, Does.Contain($"no answer within {Bound.TotalSeconds} s"));
        Assert.That(clock.Elapsed, Is.LessThan(Bound + Slack));
    }
}
