using System.Security.Cryptography;
using System.Text.Json;
using Kimchi.Isod.Fixtures;

namespace Kimchi.Isod.Integration.Tests;

/// <summary>Starts that keep what is there, against libvirt's volumes.</summary>
[Parallelizable(ParallelScope.Self)]
public sealed class IfExistsTests : IsodTest
{
    private const int Size = 3_000_000;

    [Test]
    public async Task Same_start_twice_is_one_download_that_is_kept_across_a_restart()
    {
        var (name, _) = NewSource();
        var daemon = await StartAsync();
        var first = await PutAsync(daemon, name);
        Assert.That(first.Field("kept").GetBoolean(), Is.False, first.Body);
        await daemon.Client.WaitUntilCompletedAsync(name);
        await daemon.StopAsync();
        await daemon.StartAsync();
        // As libvirt does with an image that a virtual machine gets.
        ChildProcess.Run("chown", "1:1", InPool(name));

        var second = await PutAsync(daemon, name);

        Assert.That((int)second.Status, Is.EqualTo(200), second.Body);
        Assert.That(second.Field("kept").GetBoolean() && second.Text("status") == "completed", second.Body);
        Assert.That(second.Field("download").GetProperty("name").GetString(), Is.EqualTo(name));
        var post = await daemon.Client.CallAsync("", new { url = Nginx.Url(name), name, if_exists = "keep" });
        Assert.That(post.ToString(), Is.EqualTo($$"""200 {"name":"{{name}}"}"""));
        AssertError(await daemon.Client.CallAsync("", new { url = Nginx.Url(name), name, if_exists = "fail" }), 400, "KCHVOL0001E");
    }

    [Test]
    public async Task Volume_that_somebody_else_has_put_there_is_kept_by_its_content()
    {
        var (name, source) = NewSource();
        var daemon = await StartAsync();
        File.Copy(source, InPool(name));
        Libvirtd.Virsh("pool-refresh", "ISO");

        AssertError(await PutAsync(daemon, name), 400, "KCHVOL0001E");
        var wrong = await PutAsync(daemon, name, "sha256:" + new string('0', 64));
        AssertError(wrong, 400, "KCHVOL0001E");
        Assert.That(wrong.Text("reason"), Does.Contain($"its content ({Size} bytes) is {Sha256(source)}"));
        var kept = await PutAsync(daemon, name, Sha256(source));
        Assert.That((int)kept.Status, Is.EqualTo(200), kept.Body);
        Assert.That(kept.Field("download").ValueKind, Is.EqualTo(JsonValueKind.Null));
        AssertSame(name, source);
    }

    [TestCase("dd if=/dev/zero of=$volume bs=1 seek=2000000 count=9 conv=notrunc status=none", "written to it")]
    [TestCase("cp $volume $volume.new; mv $volume.new $volume", "another in its place")]
    public async Task Image_that_somebody_has_changed_is_refused(string command, string why)
    {
        var (name, _) = NewSource();
        var daemon = await StartAsync();
        await PutAsync(daemon, name);
        await daemon.Client.WaitUntilCompletedAsync(name);
        ChildProcess.Run("sh", "-ec", $"volume={InPool(name)}; {command}");

        var reply = await PutAsync(daemon, name);

        AssertError(reply, 400, "KCHVOL0001E");
        Assert.That(reply.Text("reason"), Does.Contain(why));
    }

    [TestCase("""{"url": "http://host/a.iso", "if_exists": "replace"}""", "POST", "'if_exists' must be 'fail' or 'keep'")]
    [TestCase("""{"url": "http://host/a.iso", "if_exists": "fail"}""", "PUT", "'if_exists'")]
    [TestCase("""{"url": "http://host/a.iso", "name": "b.iso"}""", "PUT", "'name'")]
    public async Task Unusable_field_is_told(string body, string method, string why)
    {
        var daemon = await StartAsync();
        var reply = await daemon.Client.SendAsync(new HttpMethod(method), IsodClient.Downloads + (method == "PUT" ? "/a.iso" : ""), body);

        AssertError(reply, 400, "KCHAPI0008E");
        Assert.That(reply.Text("reason"), Does.Contain(why));
    }

    private static (string Name, string Source) NewSource()
    {
        var name = NewName();
        return (name, Nginx.AddFile(name, Size));
    }

    private static string Sha256(string source) => $"sha256:{Convert.ToHexStringLower(SHA256.HashData(File.ReadAllBytes(source)))}";

    private static Task<ApiReply> PutAsync(IsodProcess daemon, string name, string? checksum = null) => daemon.Client.SendAsync(
        HttpMethod.Put, $"{IsodClient.Downloads}/{name}",
        checksum is null ? JsonSerializer.Serialize(new { url = Nginx.Url(name) }) : JsonSerializer.Serialize(new { url = Nginx.Url(name), checksum }));
}
