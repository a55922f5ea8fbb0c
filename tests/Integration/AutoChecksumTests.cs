using System.Security.Cryptography;
using Kimchi.Isod.Fixtures;

namespace Kimchi.Isod.Integration.Tests;

/// <summary>The checksum <c>auto</c> against nginx, which has a page for what is not there.</summary>
[Parallelizable(ParallelScope.Self)]
public sealed class AutoChecksumTests : IsodTest
{
    [Test]
    public async Task Checksum_is_found_beside_the_url_over_one_connection_and_is_told()
    {
        var daemon = await StartAsync();
        var (folder, name) = (NewName() + ".d", NewName());
        var url = AddFile(folder, name, out var source);
        File.WriteAllText(Path.Combine(Nginx.Root, folder, "sha256sum.txt"), $"{Sha256(source)} *{name}\n");

        var probe = await daemon.Client.CallAsync("/probe", new { url });
        var start = await daemon.Client.CallAsync("", new { url, name, checksum = "auto" });

        Assert.That((int)start.Status, Is.EqualTo(200), start.Body);
        await daemon.Client.WaitUntilCompletedAsync(name);
        AssertSame(name, source);
        var download = await daemon.Client.GetAsync($"{IsodClient.Downloads}/{name}");
        Assert.That(download.Text("checksum"), Is.EqualTo($"sha256:{Sha256(source)}"));
        Assert.That(download.Text("checksum_source"), Is.EqualTo(Nginx.Url($"{folder}/sha256sum.txt")));
        Assert.That(probe.Text("auto_checksum"), Is.EqualTo($"sha256:{Sha256(source)}"), probe.Body);
        var asked = Nginx.AccessLog.Where(entry => entry.Uri.StartsWith($"/{folder}/", StringComparison.Ordinal) && !entry.Uri.EndsWith(".iso", StringComparison.Ordinal)).ToList();
        Assert.That(asked, Has.Count.EqualTo(12), "six for the probe, six for the start");
        Assert.That(asked.Select(entry => entry.Connection).Distinct().Count(), Is.LessThanOrEqualTo(2));
    }

    [Test]
    public async Task Start_is_refused_with_what_was_tried_where_there_is_none()
    {
        var daemon = await StartAsync();
        var (folder, name) = (NewName() + ".d", NewName());
        var url = AddFile(folder, name, out _);
        File.WriteAllText(Path.Combine(Nginx.Root, folder, "CHECKSUM"), "<!DOCTYPE html><html><body>Not here</body></html>");

        var reply = await daemon.Client.CallAsync("", new { url, name, checksum = "auto" });

        AssertError(reply, 400, "KCHDL0015E");
        Assert.That(reply.Text("reason"), Does.Contain($"not there: {name}.sha512, {name}.sha256").And.Contain("not usable: CHECKSUM: "));
        Assert.That(File.Exists(InPool(name)), Is.False);
    }

    private static string AddFile(string folder, string name, out string source)
    {
        Directory.CreateDirectory(Path.Combine(Nginx.Root, folder));
        source = Nginx.AddFile($"{folder}/{name}", 1_000_000);
        return Nginx.Url($"{folder}/{name}");
    }

    private static string Sha256(string file) => Convert.ToHexStringLower(SHA256.HashData(File.ReadAllBytes(file)));
}
