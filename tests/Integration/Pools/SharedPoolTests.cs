using System.Diagnostics.CodeAnalysis;
using System.Net;
using Kimchi.Isod.Fixtures;
using Kimchi.Isod.Fixtures.Wire;

namespace Kimchi.Isod.Integration.Tests.Pools;

/// <summary>Two hosts, each with a libvirtd and a daemon, whose pools are one directory, as on NFS.</summary>
[Parallelizable(ParallelScope.Self)]
[FixtureLifeCycle(LifeCycle.SingleInstance)]
[SuppressMessage("Structure", "NUnit1032", Justification = "The teardown disposes them, in the order that they need.")]
public sealed class SharedPoolTests : IsodTest
{
    private const int Size = 2_500_000;
    private const int Middle = 1_000_000;
    private const int Races = 50;

    private readonly Random _random = new(1);
    private PrivateLibvirtd _libvirtdA = null!;
    private PrivateLibvirtd _libvirtdB = null!;
    private ImageServer _serverA = null!;
    private ImageServer _serverB = null!;
    private IsodProcess _a = null!;
    private IsodProcess _b = null!;
    private string _pool = "";

    [OneTimeSetUp]
    public async Task StartBoth()
    {
        _libvirtdA = new PrivateLibvirtd();
        _libvirtdB = new PrivateLibvirtd();
        (_serverA, _serverB) = (new ImageServer(), new ImageServer());
        _pool = _libvirtdA.NewPoolDirectory();
        _a = await StartAsync(_libvirtdA);
        _b = await StartAsync(_libvirtdB);
    }

    [TearDown]
    public void TellLogs()
    {
        (_serverA.Pace, _serverB.Pace) = (TimeSpan.Zero, TimeSpan.Zero);
        if (TestContext.CurrentContext.Result.FailCount > 0) TestContext.Out.WriteLine($"A: {_a.Log}\nB: {_b.Log}");
    }

    [OneTimeTearDown]
    public async Task StopBoth()
    {
        await _a.DisposeAsync();
        await _b.DisposeAsync();
        await _serverA.DisposeAsync();
        await _serverB.DisposeAsync();
        _libvirtdB.Dispose();
        _libvirtdA.Dispose();
    }

    [Test]
    public async Task Of_two_starts_that_race_for_a_name_one_gets_it_and_its_image_is_its_own()
    {
        for (var race = 0; race < Races; race++)
        {
            var (name, images) = NewImages();

            var replies = await Task.WhenAll(_a.Client.StartAsync(_serverA.Url(name), name), _b.Client.StartAsync(_serverB.Url(name), name));

            var winner = Array.FindIndex(replies, reply => reply.Status is HttpStatusCode.OK);
            Assert.That(winner, Is.Not.EqualTo(-1), $"{replies[0]} {replies[1]}");
            AssertError(replies[1 - winner], 400, "KCHVOL0001E");
            await (winner == 0 ? _a : _b).Client.WaitUntilCompletedAsync(name);
            AssertContent(name, images[winner]);
            Delete(name);
        }
    }

    [Test]
    public async Task Starts_without_a_name_that_race_get_one_each()
    {
        for (var race = 0; race < 10; race++)
        {
            var (name, images) = NewImages();

            var replies = await Task.WhenAll(_a.Client.StartAsync(_serverA.Url(name)), _b.Client.StartAsync(_serverB.Url(name)));

            foreach (var reply in replies) Assert.That(reply.Status, Is.EqualTo(HttpStatusCode.OK), reply.Body);
            var names = replies.Select(reply => reply.Text("name")).ToArray();
            Assert.That(names, Is.Unique);
            await _a.Client.WaitUntilCompletedAsync(names[0]);
            await _b.Client.WaitUntilCompletedAsync(names[1]);
            AssertContent(names[0], images[0]);
            AssertContent(names[1], images[1]);
            foreach (var given in names) Delete(given);
        }
    }

    [Test]
    public async Task Kill_in_the_moment_of_a_start_never_hurts_the_other_hosts_image()
    {
        for (var round = 0; round < 25; round++)
        {
            var (name, images) = NewImages();
            var startA = TryAsync(() => _a.Client.StartAsync(_serverA.Url(name), name));
            var startB = _b.Client.StartAsync(_serverB.Url(name), name);
            await Task.Delay(_random.Next(25)); // The moment is what the test varies.
            await _a.KillAsync();
            await startA;
            var reply = await startB;
            await _a.StartAsync();

            if (reply.Status is HttpStatusCode.OK)
            {
                await _b.Client.WaitUntilCompletedAsync(name);
                AssertContent(name, images[1]);
            }
            else
            {
                AssertError(reply, 400, "KCHVOL0001E");
                // A's start was accepted and completes, or it was cut off and is cleared away.
                await _a.Client.WaitForAsync(name, status => status.Id is "KCHDL0002E");
                await Patience.UntilAsync(
                    () => Task.FromResult(!File.Exists(PathOf(name)) || HasContent(name, images[0])), () => $"neither gone nor A's image: {_a.Log}");
            }

            _libvirtdA.TryVirsh("vol-delete", "--pool", "ISO", name);
        }
    }

    [Test]
    public async Task Name_that_another_host_fills_is_told_with_that_host()
    {
        var (name, _) = NewImages();
        var first = await _b.Client.CallAsync("", new { url = _serverB.Url(name), name, start_paused = true });
        Assert.That(first.Status, Is.EqualTo(HttpStatusCode.OK), first.Body);
        _libvirtdA.Virsh("pool-refresh", "ISO");

        var reply = await _a.Client.StartAsync(_serverA.Url(name), name);

        AssertError(reply, 400, "KCHVOL0001E");
        Assert.That(reply.Text("reason"), Does.Contain($"by a download in progress of the host '{Dns.GetHostName()}'"));
    }

    // Every way to stop A's download × what stands in its volume's place then × what is done with it.
    [Test]
    public async Task Volume_that_stands_in_the_place_of_a_download_is_never_touched(
        [Values("paused at the start", "paused in the middle", "failed in the middle")] string state,
        [Values("an empty one", "an image", "a download of B", "an image of B")] string other,
        [Values("go on", "restart and go on", "cancel", "forget")] string command)
    {
        var (name, images) = NewImages();
        await StopInAsync(state, name, images[0]);
        Delete(name);
        await PutInPlaceAsync(other, name);
        var before = await File.ReadAllBytesAsync(PathOf(name));

        if (command == "restart and go on")
        {
            await _a.StopAsync();
            await _a.StartAsync();
        }

        switch (command)
        {
            case "cancel":
                Assert.That((await _a.Client.CancelAsync(name)).Status, Is.EqualTo(HttpStatusCode.OK));
                Assert.That((await _a.Client.StatusAsync(name)).Body, Does.Contain("cancelled"));
                break;
            case "forget":
                var path = $"/storagepools/ISO/storagevolumes/download/{name}";
                var forgotten = await _a.Client.SendAsync(HttpMethod.Delete, path);
                if (state.StartsWith("failed", StringComparison.Ordinal)) Assert.That(forgotten.Status, Is.EqualTo(HttpStatusCode.NoContent), forgotten.Body);
                else AssertError(forgotten, 400, "KCHDL0011E");
                break;
            default:
                await FailToGoOnAsync(state, name);
                break;
        }

        Assert.That(await File.ReadAllBytesAsync(PathOf(name)), Is.EqualTo(before), "not a byte of it is changed");
    }

    private async Task<IsodProcess> StartAsync(PrivateLibvirtd libvirtd)
    {
        var daemon = new IsodProcess(libvirtd.Uri, _pool, ("downloads:window_size", "1M"), ("downloads:retries", "0"));
        await daemon.StartAsync();
        return daemon;
    }

    private (string Name, byte[][] Images) NewImages()
    {
        var name = NewName();
        return (name, [_serverA.Add(name, Size, _random.Next()), _serverB.Add(name, Size, _random.Next())]);
    }

    private string PathOf(string name) => Path.Combine(_pool, name);

    private void AssertContent(string name, byte[] expected) => Assert.That(HasContent(name, expected), $"{name} is the image of the one who got it");

    private bool HasContent(string name, byte[] expected) => File.ReadAllBytes(PathOf(name)).AsSpan().SequenceEqual(expected);

    private void Delete(string name)
    {
        _libvirtdA.Virsh("pool-refresh", "ISO");
        _libvirtdA.Virsh("vol-delete", "--pool", "ISO", name);
        _libvirtdB.Virsh("pool-refresh", "ISO");
    }

    private async Task StopInAsync(string state, string name, byte[] image)
    {
        if (state == "paused at the start")
        {
            await _a.Client.CallAsync("", new { url = _serverA.Url(name), name, start_paused = true });
            return;
        }

        _serverA.Pace = TimeSpan.FromMilliseconds(20);
        await _a.Client.StartAsync(_serverA.Url(name), name);
        await _a.Client.WaitForBytesAsync(name, Middle);
        Assert.That((await _a.Client.PauseAsync(name)).Status, Is.EqualTo(HttpStatusCode.OK));
        _serverA.Pace = TimeSpan.Zero;
        if (!state.StartsWith("failed", StringComparison.Ordinal)) return;
        _serverA.Remove(name);
        await _a.Client.ResumeAsync(name);
        await _a.Client.WaitForAsync(name, status => status.Id == "KCHDL0007E");
        _serverA.Add(name, image);
    }

    private async Task PutInPlaceAsync(string other, string name)
    {
        if (other.EndsWith("of B", StringComparison.Ordinal))
        {
            var isPaused = other.StartsWith("a download", StringComparison.Ordinal);
            var reply = await _b.Client.CallAsync("", new { url = _serverB.Url(name), name, start_paused = isPaused });
            Assert.That(reply.Status, Is.EqualTo(HttpStatusCode.OK), reply.Body);
            if (!isPaused) await _b.Client.WaitUntilCompletedAsync(name);
            return;
        }

        _libvirtdB.Virsh("vol-create-as", "ISO", name, $"{Size}b", "--format", "raw");
        if (other == "an image")
        {
            var bytes = new byte[Size];
            _random.NextBytes(bytes);
            await File.WriteAllBytesAsync(PathOf(name), bytes);
        }
    }

    private async Task FailToGoOnAsync(string state, string name)
    {
        if (state.StartsWith("paused", StringComparison.Ordinal)) Assert.That((await _a.Client.ResumeAsync(name)).Status, Is.EqualTo(HttpStatusCode.OK));
        else Assert.That((await _a.Client.RetryAsync(name)).Status, Is.EqualTo(HttpStatusCode.OK));
        var failed = await _a.Client.WaitForAsync(name, status => status.Id == "KCHDL0007E");
        Assert.That(failed.Text("reason"), Does.Contain("is not this download's any more").Or.Contain("in use"));

        // And again, now that it has failed for that.
        AssertError(await _a.Client.RetryAsync(name), 400, "KCHVOL0001E");
    }

    private static async Task TryAsync(Func<Task> call)
    {
        try
        {
            await call();
        }
        catch (HttpRequestException)
        {
            // The kill has cut it off.
        }
    }
}
