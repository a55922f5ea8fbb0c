using Kimchi.Isod.Fixtures;

namespace Kimchi.Isod.Integration.Tests;

/// <summary>One line for each call that changes something.</summary>
public sealed class AuditTests : IsodTest
{
    [Test]
    public async Task Every_changing_call_leaves_one_line_with_who_what_and_how_it_went()
    {
        var daemon = await StartAsync();
        var name = NewName();
        Nginx.AddFile(name, 16_000_000);
        var url = Nginx.Url("slow/" + name);
        await daemon.Client.CallAsync("", new { url = url.Replace("://", "://user:s3cret@", StringComparison.Ordinal) + "?token=s3cret", name });
        await daemon.Client.CallAsync("", new { url = "http://user:s3cret@[", name });
        await daemon.Client.LimitAsync(name, 0);
        await daemon.Client.PauseAsync(name);
        await daemon.Client.StatusAsync(name);
        await daemon.Client.GetAsync(IsodClient.Downloads);
        await daemon.Client.ResumeAsync(name);
        await daemon.Client.RetryAsync(name);
        await daemon.Client.CancelAsync(name);
        await daemon.Client.SendAsync(HttpMethod.Delete, $"{IsodClient.Downloads}/{name}");
        await daemon.Client.SendAsync(HttpMethod.Post, IsodClient.Downloads + "/pause", "{\"name\": \"a\\nb\", \"x\": 1}");

        var by = $" by uid 0, gid 0, pid {Environment.ProcessId}: ";
        string[] expected =
        [
            $"start of '{name}' in 'ISO' from {url}?…{by}done",
            $"start of '{name}' in 'ISO' from an unusable URL{by}KCHVOL0021E: ",
            $"limit of '{name}' in 'ISO'{by}done", $"pause of '{name}' in 'ISO'{by}done", $"resume of '{name}' in 'ISO'{by}done",
            $"retry of '{name}' in 'ISO'{by}KCHDL0010E: ", $"cancel of '{name}' in 'ISO'{by}done", $"forget of '{name}' in 'ISO'{by}done",
            $"pause of '?' in 'ISO'{by}KCHAPI0008E: ",
        ];
        await Patience.UntilAsync(() => Task.FromResult(Lines(daemon).Count >= expected.Length), () => daemon.Log);
        var lines = Lines(daemon);
        Assert.That(lines, Has.Count.EqualTo(expected.Length));
        for (var i = 0; i < expected.Length; i++) Assert.That(lines[i], Does.StartWith(expected[i]));
        Assert.That(daemon.Log, Does.Not.Contain("s3cret"));
    }

    private static List<string> Lines(IsodProcess daemon) =>
        [.. daemon.Log.Split('\n').Where(line => line.Contains("audit: ", StringComparison.Ordinal)).Select(line => line.Split("audit: ")[1])];
}
