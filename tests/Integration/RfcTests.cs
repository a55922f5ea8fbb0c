using System.Net;
using Kimchi.Isod.Fixtures;

namespace Kimchi.Isod.Integration.Tests;

/// <summary>The five calls of the RFC, each with each of its return codes.</summary>
public sealed class RfcTests : IsodTest
{
    [Test]
    public async Task Start_without_a_name_takes_the_remote_files_own()
    {
        var daemon = await StartAsync();
        var name = NewName();
        Nginx.AddFile(name, 100_000);

        var reply = await daemon.Client.StartAsync(Nginx.Url(name));

        Assert.That(reply.ToString(), Is.EqualTo($$"""200 {"name":"{{name}}"}"""));
        await daemon.Client.WaitUntilCompletedAsync(name);
        Assert.That(Libvirtd.Virsh("vol-list", "ISO"), Does.Contain(name));
    }

    [Test]
    public async Task Start_without_a_name_never_meets_a_name_in_use()
    {
        var daemon = await StartAsync();
        var name = NewName();
        Nginx.AddFile(name, 1000);

        for (var i = 0; i < 3; i++)
        {
            var reply = await daemon.Client.StartAsync(Nginx.Url(name));
            Assert.That(reply.Text("name"), Is.EqualTo(i == 0 ? name : name.Replace(".iso", $"-{i}.iso")));
        }
    }

    [Test]
    public async Task Start_with_a_name_in_use_is_400()
    {
        var daemon = await StartAsync();
        var name = NewName();
        Nginx.AddFile(name, 1000);
        await daemon.Client.StartAsync(Nginx.Url(name), name);

        AssertError(await daemon.Client.StartAsync(Nginx.Url(name), name), 400, "KCHVOL0001E");
        await daemon.Client.WaitUntilCompletedAsync(name);
        AssertError(await daemon.Client.StartAsync(Nginx.Url(name), name), 400, "KCHVOL0001E");
    }

    [Test]
    public async Task Start_with_the_name_of_a_file_that_libvirt_has_not_seen_is_400_and_leaves_the_file()
    {
        var daemon = await StartAsync();
        var name = NewName();
        Nginx.AddFile(name, 1000);
        File.WriteAllText(InPool(name), "mine");

        AssertError(await daemon.Client.StartAsync(Nginx.Url(name), name), 400, "KCHVOL0001E");

        Assert.That(File.ReadAllText(InPool(name)), Is.EqualTo("mine"));
    }

    [TestCase("not a url", "KCHVOL0021E")]
    [TestCase("file:///etc/passwd", "KCHVOL0021E")]
    [TestCase("http://127.0.0.1:1/a.iso", "KCHVOL0022E")]
    [TestCase("http://no-such-host.invalid/a.iso", "KCHVOL0022E")]
    public async Task Start_with_a_bad_url_is_400(string url, string id)
    {
        var daemon = await StartAsync();

        AssertError(await daemon.Client.StartAsync(url, NewName()), 400, id);
    }

    [Test]
    public async Task Start_of_a_missing_file_is_400_with_the_servers_words()
    {
        var daemon = await StartAsync();

        var reply = await daemon.Client.StartAsync(Nginx.Url("missing.iso?token=secret"), NewName());

        AssertError(reply, 400, "KCHVOL0022E");
        Assert.That(reply.Body, Does.Contain("404 Not Found").And.Not.Contain("secret"));
    }

    [Test]
    public async Task Start_of_an_empty_file_or_a_web_page_is_400()
    {
        var daemon = await StartAsync();
        var name = NewName();
        Nginx.AddFile(name, 0);

        AssertError(await daemon.Client.StartAsync(Nginx.Url(name)), 400, "KCHDL0006E");
        AssertError(await daemon.Client.StartAsync(Nginx.Url("page/a.iso")), 400, "KCHDL0006E");

        Assert.That(File.Exists(InPool(name)), Is.False);
    }

    [TestCase("../../etc/passwd")]
    [TestCase(".hidden")]
    [TestCase("")]
    [TestCase("a\nb")]
    public async Task Start_with_a_name_that_no_volume_can_have_is_400(string name)
    {
        var daemon = await StartAsync();

        AssertError(await daemon.Client.StartAsync(Nginx.Url("a.iso"), name), 400, "KCHVOL0013E");
    }

    [Test]
    public async Task Start_where_no_name_can_be_found_asks_for_one()
    {
        var daemon = await StartAsync();
        Directory.CreateDirectory(Path.Combine(Nginx.Root, "dir"));
        Nginx.AddFile("dir/.hidden", 1000);

        var reply = await daemon.Client.StartAsync(Nginx.Url("dir/.hidden"));

        AssertError(reply, 400, "KCHAPI0008E");
        Assert.That(reply.Body, Does.Contain("'name'"));
    }

    [Test]
    public async Task Pause_resume_and_status_follow_the_download()
    {
        var daemon = await StartAsync();
        var name = NewName();
        var source = Nginx.AddFile(name, 20_000_000);
        await daemon.Client.StartAsync(Nginx.Url("slow/" + name), name);
        await daemon.Client.WaitForBytesAsync(name, 1_000_000);
        AssertError(await daemon.Client.ResumeAsync(name), 400, "KCHDL0005E");

        Assert.That((await daemon.Client.PauseAsync(name)).ToString(), Is.EqualTo("200 {}"));
        var paused = await daemon.Client.StatusAsync(name);
        Assert.That(paused.Text("status"), Is.EqualTo("paused"));
        Assert.That(paused.Number("total_size"), Is.EqualTo(20_000_000));
        AssertError(await daemon.Client.PauseAsync(name), 400, "KCHDL0003E");

        await Task.Delay(500); // What is paused must stay where it is.
        Assert.That((await daemon.Client.StatusAsync(name)).Body, Is.EqualTo(paused.Body));

        Assert.That((await daemon.Client.ResumeAsync(name)).ToString(), Is.EqualTo("200 {}"));
        Assert.That((await daemon.Client.StatusAsync(name)).Text("status"), Is.EqualTo("downloading"));
        await daemon.Client.WaitUntilCompletedAsync(name);
        AssertSame(name, source);
        AssertNoByteTwice(name, paused.Number("downloaded_size"), 20_000_000);
    }

    [Test]
    public async Task Pause_of_a_server_that_cannot_continue_is_400()
    {
        var daemon = await StartAsync();
        var name = NewName();
        var source = Nginx.AddFile(name, 6_000_000);
        await daemon.Client.StartAsync(Nginx.Url("noranges-slow/" + name), name);

        AssertError(await daemon.Client.PauseAsync(name), 400, "KCHDL0004E");
        await daemon.Client.WaitUntilCompletedAsync(name);
        AssertSame(name, source);
    }

    [Test]
    public async Task Cancel_gives_the_space_back()
    {
        var daemon = await StartAsync();
        var name = NewName();
        Nginx.AddFile(name, 50_000_000);
        await daemon.Client.StartAsync(Nginx.Url("slow/" + name), name);
        Assert.That(new FileInfo(InPool(name)).Length, Is.EqualTo(50_000_000));

        Assert.That((await daemon.Client.CancelAsync(name)).ToString(), Is.EqualTo("200 {}"));

        Assert.That(File.Exists(InPool(name)), Is.False);
        Assert.That(Libvirtd.Virsh("vol-list", "ISO"), Does.Not.Contain(name));
        AssertError(await daemon.Client.StatusAsync(name), 400, "KCHDL0002E");
        AssertError(await daemon.Client.CancelAsync(name), 400, "KCHDL0002E");
    }

    [Test]
    public async Task Cancel_works_on_a_paused_and_on_a_queued_download()
    {
        var daemon = await StartAsync(("downloads:max_active", "1"));
        var (first, second) = (NewName(), NewName());
        Nginx.AddFile(first, 20_000_000);
        await daemon.Client.StartAsync(Nginx.Url("slow/" + first), first);
        await daemon.Client.StartAsync(Nginx.Url("slow/" + first), second);
        Assert.That((await daemon.Client.StatusAsync(second)).Text("status"), Is.EqualTo("downloading"));
        await daemon.Client.PauseAsync(first);

        Assert.That((await daemon.Client.CancelAsync(first)).Status, Is.EqualTo(HttpStatusCode.OK));
        Assert.That((await daemon.Client.CancelAsync(second)).Status, Is.EqualTo(HttpStatusCode.OK));

        Assert.That(File.Exists(InPool(first)) || File.Exists(InPool(second)), Is.False);
    }

    [Test]
    public async Task Call_on_an_unknown_name_is_400([Values("/pause", "/resume", "/cancel", "/status")] string call)
    {
        var daemon = await StartAsync();

        AssertError(await daemon.Client.CallAsync(call, new { name = "nobody.iso" }), 400, "KCHDL0002E");
    }

    [Test]
    public async Task Image_is_no_iso_for_libvirt_until_it_is_completed()
    {
        var daemon = await StartAsync();
        var name = NewName();
        var image = TestFiles.MakeIso(Path.Combine(Nginx.Root, name), 12_000_000);
        await daemon.Client.StartAsync(Nginx.Url("slow/" + name), name);
        await daemon.Client.WaitForBytesAsync(name, 4_000_000);

        Libvirtd.Virsh("pool-refresh", "ISO");
        Assert.That(Libvirtd.Virsh("vol-dumpxml", "--pool", "ISO", name), Does.Contain("<format type='raw'/>"));
        await daemon.Client.WaitUntilCompletedAsync(name);

        Assert.That(Libvirtd.Virsh("vol-dumpxml", "--pool", "ISO", name), Does.Contain("<format type='iso'/>"));
        AssertSame(name, image);
    }

    // What the server sent, all requests together, is no more than the file and what was in flight when the pause closed the connection.
    private static void AssertNoByteTwice(string name, long pausedAt, long size)
    {
        var requests = Nginx.AccessLog.Where(e => e.Uri.EndsWith(name, StringComparison.Ordinal)).ToList();
        Assert.That(requests.Select(r => r.Range), Is.EqualTo(new[] { "", $"bytes={pausedAt}-" }));
        Assert.That(requests[1].Bytes, Is.EqualTo(size - pausedAt));
    }
}
