using System.Net;
using Kimchi.Isod.Fixtures;

namespace Kimchi.Isod.Integration.Tests;

/// <summary>Several clients at once.</summary>
[Parallelizable(ParallelScope.Self)]
public sealed class RaceTests : IsodTest
{
    [Test]
    public async Task Twenty_starts_for_one_name_give_exactly_one_200()
    {
        var daemon = await StartAsync();
        var name = NewName();
        var source = Nginx.AddFile(name, 2_000_000);

        var replies = await Task.WhenAll(Enumerable.Range(0, 20).Select(_ => daemon.Client.StartAsync(Nginx.Url(name), name)));

        Assert.That(replies.Count(r => r.Status is HttpStatusCode.OK), Is.EqualTo(1));
        foreach (var refused in replies.Where(r => r.Status is not HttpStatusCode.OK)) AssertError(refused, 400, "KCHVOL0001E");
        await daemon.Client.WaitUntilCompletedAsync(name);
        AssertSame(name, source);
    }

    [Test]
    public async Task Starts_for_the_last_free_bytes_never_get_more_than_there_is([Values("full", "none")] string allocate)
    {
        using var disk = new SmallDisk(64);
        using var libvirtd = new PrivateLibvirtd();
        var daemon = Prepare(libvirtd, disk.Path, ("downloads:allocate", allocate), ("downloads:max_active", "20"));
        await daemon.StartAsync();
        var name = NewName();
        Nginx.AddFile(name, 20_000_000);

        var replies = await Task.WhenAll(Enumerable.Range(0, 10).Select(n =>
            daemon.Client.StartAsync(Nginx.Url("slow/" + name), $"{n}.iso")));

        var started = replies.Where(r => r.Status is HttpStatusCode.OK).Select(r => r.Text("name")).ToList();
        Assert.That(started, Has.Count.EqualTo(3), "three of 20 MB fit on a disk of 64 MiB");
        foreach (var refused in replies.Where(r => r.Status is not HttpStatusCode.OK)) AssertError(refused, 400, "KCHDL0001E");
        Assert.That(replies.First(r => r.Status is not HttpStatusCode.OK).Body, Does.Contain("20000000 bytes needed"));
        foreach (var each in started) await daemon.Client.WaitUntilCompletedAsync(each);
    }

    [Test]
    public async Task Pause_resume_and_cancel_from_several_clients_end_in_order()
    {
        var daemon = await StartAsync();
        var name = NewName();
        Nginx.AddFile(name, 30_000_000);
        await daemon.Client.StartAsync(Nginx.Url("slow/" + name), name);

        var clients = Enumerable.Range(0, 6).Select(async client =>
        {
            for (var i = 0; i < 10; i++)
            {
                var reply = await (((client + i) % 2) == 0 ? daemon.Client.PauseAsync(name) : daemon.Client.ResumeAsync(name));
                Assert.That(reply.Id, Is.Null.Or.EqualTo("KCHDL0003E").Or.EqualTo("KCHDL0005E"), reply.Body);
            }
        });
        await Task.WhenAll(clients);
        var canceled = await daemon.Client.CancelAsync(name);

        Assert.That(canceled.Status, Is.EqualTo(HttpStatusCode.OK), canceled.Body);
        Assert.That(File.Exists(InPool(name)), Is.False);
    }
}
