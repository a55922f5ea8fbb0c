using System.Net;

namespace Kimchi.Isod.Integration.Tests;

/// <summary>Limits on the real thing. A limit of a byte per second keeps a download from ending for as long as any test may take.</summary>
[Parallelizable(ParallelScope.Self)]
public sealed class LimitTests : IsodTest
{
    private const int Size = 8_000_000;

    [Test]
    public async Task Own_limit_holds_from_the_start_outlives_a_restart_and_can_be_taken_away_while_it_runs()
    {
        var daemon = await StartAsync();
        var name = NewName();
        var source = Nginx.AddFile(name, Size);
        await daemon.Client.CallAsync("", new { url = Nginx.Url(name), name, limit_rate = 1 });

        await daemon.StopAsync();
        await daemon.StartAsync();
        var other = NewName();
        var otherSource = Nginx.AddFile(other, Size);
        await DownloadAndCompareAsync(daemon, Nginx.Url(other), otherSource);

        var status = await daemon.Client.StatusAsync(name);
        Assert.That(status.Text("status"), Is.EqualTo("downloading"));
        Assert.That(status.Number("downloaded_size"), Is.LessThan(Size / 100));
        Assert.That((await daemon.Client.LimitAsync(name, 0)).Body, Is.EqualTo("{}"));
        await daemon.Client.WaitUntilCompletedAsync(name);
        AssertSame(name, source);
    }

    [Test]
    public async Task Running_download_is_slowed_down_and_let_go()
    {
        var daemon = await StartAsync();
        var name = NewName();
        var source = Nginx.AddFile(name, 2 * Size);
        await daemon.Client.StartAsync(Nginx.Url("slow/" + name), name);
        await daemon.Client.WaitForBytesAsync(name, 1_000_000);

        await daemon.Client.LimitAsync(name, 1);
        await daemon.Client.PauseAsync(name);
        var stored = (await daemon.Client.StatusAsync(name)).Number("downloaded_size");
        await daemon.Client.ResumeAsync(name);
        var other = NewName();
        await DownloadAndCompareAsync(daemon, Nginx.Url(other), Nginx.AddFile(other, Size));
        Assert.That((await daemon.Client.StatusAsync(name)).Number("downloaded_size"), Is.LessThan(stored + 1000));

        await daemon.Client.LimitAsync(name, 0);
        await daemon.Client.WaitUntilCompletedAsync(name);
        AssertSame(name, source);
    }

    [Test]
    public async Task Limit_of_all_holds_whatever_the_own_one_is()
    {
        var daemon = await StartAsync(("downloads:limit_rate", "1"));
        var name = NewName();
        Nginx.AddFile(name, Size);
        await daemon.Client.CallAsync("", new { url = Nginx.Url(name), name, limit_rate = 1_000_000_000 });
        await daemon.Client.LimitAsync(name, 0);
        await daemon.StopAsync();
        Assert.That(daemon.Log, Does.Not.Contain("completed"));
    }

    [Test]
    public async Task Limit_that_cannot_be_is_refused_and_says_why()
    {
        var daemon = await StartAsync();
        var name = NewName();
        var source = Nginx.AddFile(name, 100_000);

        AssertError(await daemon.Client.CallAsync("", new { url = Nginx.Url(name), name, limit_rate = -1 }), 400, "KCHAPI0008E");
        AssertError(await daemon.Client.LimitAsync(name, 5), 400, "KCHDL0002E");
        Assert.That((await daemon.Client.StartAsync(Nginx.Url(name), name)).Status, Is.EqualTo(HttpStatusCode.OK));
        await daemon.Client.WaitUntilCompletedAsync(name);
        AssertSame(name, source);
        AssertError(await daemon.Client.LimitAsync(name, 5), 400, "KCHDL0002E");
        AssertError(await daemon.Client.CallAsync("/limit", new { name }), 400, "KCHAPI0008E");
    }
}
