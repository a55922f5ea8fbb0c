using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using Kimchi.Isod.Fixtures;
using Kimchi.Isod.Fixtures.Wire;

namespace Kimchi.Isod.Integration.Tests.Faults;

/// <summary>A test whose daemon is killed all the time, with a pool of its own and small images.</summary>
[SuppressMessage("Structure", "NUnit1032", Justification = "The teardown disposes them, in the order that they need.")]
public abstract class KillTest : IsodTest
{
    // Less than a head, a head exactly, a byte more, a window and a head, and some windows with a rest.
    private static readonly int[] Sizes = [40_000, 65_536, 65_537, (1 << 20) + 65_536, 2_500_000, 3_333_333];

    private readonly Dictionary<string, byte[]> _images = [];

    private protected static int Seed { get; } =
        int.TryParse(Environment.GetEnvironmentVariable("KIMCHI_ISOD_SEED"), CultureInfo.InvariantCulture, out var seed)
            ? seed : Random.Shared.Next();

    private protected PrivateLibvirtd OwnLibvirtd { get; private set; } = null!;

    private protected IsodProcess Daemon { get; private set; } = null!;

    private protected ImageServer Server { get; private set; } = null!;

    private protected Killer Killer { get; private set; } = null!;

    private protected PublicationWatch Watch { get; private set; } = null!;

    private protected string Pool { get; private set; } = "";

    private protected virtual (string Key, string Value)[] Settings =>
        [("downloads:window_size", "1M"), ("downloads:retry_max_delay", "1s"), ("downloads:max_active", "8")];

    [SetUp]
    public async Task StartAll()
    {
        OwnLibvirtd = new PrivateLibvirtd();
        Pool = OwnLibvirtd.NewPoolDirectory();
        Server = new ImageServer(MisbehaveAsync);
        Daemon = Prepare(OwnLibvirtd, Pool, Settings);
        Killer = new Killer(Daemon, Seed);
        Watch = new PublicationWatch(Pool);
        await Daemon.StartAsync();
    }

    [TearDown]
    public async Task StopAll()
    {
        await TestContext.Out.WriteLineAsync($"seed {Seed} (KIMCHI_ISOD_SEED), {Killer.Kills} kills");
        await Watch.DisposeAsync();
        await StopDaemons();
        await Server.DisposeAsync();
        OwnLibvirtd.Dispose();
        _images.Clear();
    }

    /// <summary>What the server does wrong; nothing unless a test says otherwise.</summary>
    private protected virtual Task<int> MisbehaveAsync(WireExchange exchange, byte[] content) => Task.FromResult(int.MaxValue);

    /// <summary>Makes an image of a random size.</summary>
    private protected string NewImage(int? size = null)
    {
        var name = NewName();
        var content = Server.Add(name, size ?? Sizes[Killer.Next(Sizes.Length)], Killer.Next(int.MaxValue));
        _images[name] = content;
        Watch.Expect(name, content);
        return name;
    }

    /// <summary>Deletes an image that is done with.</summary>
    private protected void Forget(string name)
    {
        Watch.Forget(name);
        Server.Remove(name);
        _images.Remove(name);
        OwnLibvirtd.Virsh("vol-delete", "--pool", "ISO", name);
    }

    private protected byte[] ContentOf(string name) => _images[name];

    /// <summary>Makes a call whose answer a kill may cut off.</summary>
    /// <returns>The answer, or null.</returns>
    private protected static async Task<ApiReply?> TryAsync(Func<Task<ApiReply>> call)
    {
        try
        {
            return await call();
        }
        catch (HttpRequestException)
        {
            return null;
        }
    }

    private protected Task<ApiReply?> TryStartAsync(string name) => TryAsync(() => Daemon.Client.StartAsync(Server.Url(name), name));

    /// <summary>Looks that nothing half is published while the daemon is dead, and starts it.</summary>
    private protected Task RestartAsync()
    {
        Watch.Check();
        return Daemon.StartAsync();
    }

    /// <summary>Does whatever a download needs to complete, and compares it.</summary>
    private protected async Task SettleAsync(params string[] names)
    {
        foreach (var name in names)
        {
            ApiReply? last = null;
            await Patience.UntilAsync(
                async () => await IsCompletedAsync(name, last = await Daemon.Client.StatusAsync(name)),
                () => $"'{name}' does not complete; its last status was {last}\n{Daemon.Log}");
            var stored = await File.ReadAllBytesAsync(Path.Combine(Pool, name));
            var content = _images[name];
            Assert.That(stored, Has.Length.EqualTo(content.Length));
            Assert.That(stored.AsSpan().CommonPrefixLength(content), Is.EqualTo(content.Length), $"the first different byte of {name}");
        }

        Watch.Check();
        // They change no more, and to look at all of them all the time is most of the test's work.
        foreach (var name in names) Watch.Forget(name);
    }

    /// <summary>Nothing may be left that nobody knows of.</summary>
    private protected void AssertNoOrphans() =>
        Assert.That(Directory.GetFiles(Pool).Select(Path.GetFileName), Is.SubsetOf(_images.Keys));

    /// <summary>Runs the body, and tells the seed with what it fails with.</summary>
    private protected async Task SeededAsync(Func<Task> body)
    {
        try
        {
            await body();
        }
        catch (Exception e)
        {
            throw new AssertionException($"KIMCHI_ISOD_SEED={Seed}, after {Killer.Kills} kills: {e.Message}", e);
        }
    }

    private async Task<bool> IsCompletedAsync(string name, ApiReply status)
    {
        switch (status.Id)
        {
            case null:
                if (status.Text("status") == "paused") await Daemon.Client.ResumeAsync(name);
                return false;
            case "KCHDL0007E":
                await Daemon.Client.RetryAsync(name);
                return false;
            case "KCHDL0002E" when status.Body.Contains("completed", StringComparison.Ordinal):
                return true;
            default: // Cancelled, or cut off before it was accepted: its name must become free.
                await Daemon.Client.StartAsync(Server.Url(name), name);
                return false;
        }
    }
}
