using System.Net;
using System.Text.Json;
using Kimchi.Isod.Fixtures;

namespace Kimchi.Isod.Integration.Tests;

/// <summary>Downloads as resources: listed, looked at, forgotten, and probed before they are started.</summary>
[Parallelizable(ParallelScope.Self)]
public sealed class ResourceTests : IsodTest
{
    private static readonly string[] Keys =
    [
        "id", "name", "pool", "url", "status", "total_size", "downloaded_size", "speed", "eta", "limit_rate", "resumable", "checksum", "checksum_source", "verified", "durable",
        "attempts", "connections", "sources", "error", "warning", "created_at", "started_at", "finished_at",
    ];

    [Test]
    public async Task Download_is_seen_with_all_that_the_contract_names_from_its_start_to_its_end()
    {
        var daemon = await StartAsync();
        var name = NewName();
        Nginx.AddFile(name, 12_000_000);
        await daemon.Client.CallAsync("", new { url = Nginx.Url("slow/" + name) + "?token=s3cret", name });
        await daemon.Client.WaitForBytesAsync(name, 1_000_000);

        var running = await daemon.Client.GetAsync($"{IsodClient.Downloads}/{name}");
        Assert.That(running.Json.EnumerateObject().Select(p => p.Name), Is.EqualTo(Keys));
        Assert.That(running.Text("status"), Is.EqualTo("downloading"));
        Assert.That(running.Text("url"), Is.EqualTo(Nginx.Url("slow/" + name) + "?…"), "no query");
        Assert.That(running.Number("total_size"), Is.EqualTo(12_000_000));
        Assert.That(running.Number("speed"), Is.Positive);
        Assert.That(running.Number("eta"), Is.InRange(1, 60));
        Assert.That(running.Json.GetProperty("resumable").GetBoolean());

        await daemon.Client.WaitUntilCompletedAsync(name);
        var over = await daemon.Client.GetAsync($"{IsodClient.Downloads}/{name}");
        Assert.That(over.Text("status"), Is.EqualTo("completed"));
        Assert.That(over.Number("downloaded_size"), Is.EqualTo(12_000_000));
        Assert.That(over.Number("speed"), Is.Zero);
        Assert.That(over.Json.GetProperty("finished_at").GetDateTimeOffset(), Is.GreaterThan(over.Json.GetProperty("started_at").GetDateTimeOffset()));
        Assert.That(over.Json.GetProperty("error").ValueKind, Is.EqualTo(JsonValueKind.Null));
    }

    [Test]
    public async Task List_has_every_download_newest_first_also_after_a_restart()
    {
        var daemon = await StartAsync();
        string[] names = [NewName(), NewName(), NewName()];
        Nginx.AddFile(names[0], 100_000);
        await daemon.Client.StartAsync(Nginx.Url(names[0]), names[0]);
        await daemon.Client.WaitUntilCompletedAsync(names[0]);
        await daemon.Client.CallAsync("", new { url = Nginx.Url(names[0]), name = names[1], start_paused = true });
        await daemon.Client.CallAsync("", new { url = Nginx.Url(names[0]), name = names[2], start_paused = true });
        await daemon.Client.CancelAsync(names[2]);

        var before = await daemon.Client.GetAsync(IsodClient.Downloads);
        await daemon.StopAsync();
        await daemon.StartAsync();

        Assert.That((await daemon.Client.GetAsync(IsodClient.Downloads + "/")).Body, Is.EqualTo(before.Body));
        var list = before.Json.GetProperty("downloads").EnumerateArray().Select(d => (d.GetProperty("name").GetString(), d.GetProperty("status").GetString()));
        Assert.That(list, Is.EqualTo(new[] { (names[2], "cancelled"), (names[1], "paused"), (names[0], "completed") }));
        await daemon.Client.ResumeAsync(names[1]);
        await daemon.Client.WaitUntilCompletedAsync(names[1]);
        AssertSame(names[1], Path.Combine(Nginx.Root, names[0]));
    }

    [Test]
    public async Task Failed_one_tells_why_is_forgotten_and_its_volume_stays()
    {
        var daemon = await StartAsync(("downloads:retries", "0"));
        var name = NewName();
        Nginx.AddFile(name, 12_000_000);
        await daemon.Client.StartAsync(Nginx.Url("slow/" + name), name);
        Assert.That((int)(await ForgetAsync(daemon, name)).Status, Is.EqualTo(400));
        AssertError(await ForgetAsync(daemon, name), 400, "KCHDL0011E");
        await daemon.Client.PauseAsync(name);
        File.Delete(Path.Combine(Nginx.Root, name));
        await daemon.Client.ResumeAsync(name);
        await daemon.Client.WaitForAsync(name, status => status.Id == "KCHDL0007E");

        var failed = await daemon.Client.GetAsync($"{IsodClient.Downloads}/{name}");
        Assert.That(failed.Text("status"), Is.EqualTo("failed"));
        Assert.That(failed.Text("error"), Does.StartWith("KCHVOL0022E: ").And.Contain("404"));
        Assert.That((await ForgetAsync(daemon, name)).Status, Is.EqualTo(HttpStatusCode.NoContent));

        AssertError(await daemon.Client.GetAsync($"{IsodClient.Downloads}/{name}"), 400, "KCHDL0002E");
        AssertError(await ForgetAsync(daemon, name), 400, "KCHDL0002E");
        Assert.That(File.Exists(InPool(name)));
        AssertError(await daemon.Client.StartAsync(Nginx.Url(name), name), 400, "KCHVOL0001E");
    }

    [Test]
    public async Task Name_of_any_letters_is_found_in_the_path()
    {
        var daemon = await StartAsync();
        var file = NewName();
        Nginx.AddFile(file, 1000);
        var name = $"ä %20?#+日 {file}";
        await daemon.Client.CallAsync("", new { url = Nginx.Url(file), name, start_paused = true });

        var found = await daemon.Client.GetAsync($"{IsodClient.Downloads}/{Uri.EscapeDataString(name)}");

        Assert.That(found.Text("name"), Is.EqualTo(name), found.Body);
    }

    [Test]
    public async Task Probe_tells_what_a_start_would_find_and_stores_nothing()
    {
        var daemon = await StartAsync();
        var name = NewName();
        Nginx.AddFile(name, 5_000_000);

        var found = await daemon.Client.CallAsync("/probe", new { url = Nginx.Url("redirect/" + name), mirrors = new[] { Nginx.Url(name) } });
        Assert.That(found.Body, Does.Contain($"\"mirrors\":[\"{Nginx.Url(name)}\"]"));

        Assert.That(
            found.Json.EnumerateObject().Select(p => p.Name),
            Is.EqualTo(new[] { "name", "total_size", "resumable", "content_type", "final_url", "last_modified", "fits", "metalink", "checksum", "auto_checksum", "auto_checksum_source", "mirrors" }), found.Body);
        Assert.That(found.Text("name"), Is.EqualTo(name));
        Assert.That(found.Number("total_size"), Is.EqualTo(5_000_000));
        Assert.That(found.Text("final_url"), Does.EndWith(name).And.Not.Contain("redirect"));
        Assert.That(found.Json.GetProperty("fits").GetBoolean() && found.Json.GetProperty("resumable").GetBoolean());
        Assert.That(File.Exists(InPool(name)), Is.False);
        AssertError(await daemon.Client.GetAsync($"{IsodClient.Downloads}/{name}"), 400, "KCHDL0002E");
        AssertError(await daemon.Client.CallAsync("/probe", new { url = Nginx.Url("missing") }), 400, "KCHVOL0022E");
        AssertError(await daemon.Client.CallAsync("/probe", new { url = "gopher://host/a" }), 400, "KCHVOL0021E");
    }

    [Test]
    public async Task Unknown_pool_is_404_everywhere()
    {
        var daemon = await StartAsync();
        var elsewhere = IsodClient.Downloads.Replace("ISO", "other", StringComparison.Ordinal);

        AssertError(await daemon.Client.GetAsync(elsewhere), 404, "KCHPOOL0002E");
        AssertError(await daemon.Client.GetAsync(elsewhere + "/a.iso"), 404, "KCHPOOL0002E");
        AssertError(await daemon.Client.SendAsync(HttpMethod.Delete, elsewhere + "/a.iso"), 404, "KCHPOOL0002E");
        AssertError(await daemon.Client.SendAsync(HttpMethod.Post, elsewhere + "/probe", """{"url":"http://h/a"}"""), 404, "KCHPOOL0002E");
    }

    private static Task<ApiReply> ForgetAsync(IsodProcess daemon, string name) =>
        daemon.Client.SendAsync(HttpMethod.Delete, $"{IsodClient.Downloads}/{name}");
}
