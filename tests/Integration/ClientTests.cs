using Kimchi.Isod.Fixtures;

namespace Kimchi.Isod.Integration.Tests;

/// <summary>The examples for other programs, as they are shipped in packaging/examples.</summary>
[Parallelizable(ParallelScope.Self)]
public sealed class ClientTests : IsodTest
{
    [Test]
    public async Task Example_for_curl_downloads() => await DownloadAsync(await StartAsync(), Shell);

    [Test]
    public async Task Example_for_curl_tells_a_refusal() => Assert.That(
        (await RunAsync(await StartAsync(), [.. Shell, Nginx.Url("missing.iso"), NewName()])).Output, Does.Contain("KCHVOL0022E: "));

    [Test]
    public async Task Example_for_python_downloads()
    {
        var output = await DownloadAsync(await StartAsync(), Python);

        Assert.That(output, Does.Contain("completed 3000000 of 3000000"));
    }

    [Test]
    public async Task Example_for_python_tells_a_refusal() => Assert.That(
        (await RunAsync(await StartAsync(), [.. Python, Nginx.Url("missing.iso"), NewName()])).Errors, Does.StartWith("KCHVOL0022E: "));

    [Test]
    public async Task Example_for_ansible_downloads_and_changes_nothing_the_second_time()
    {
        var daemon = await StartAsync();
        var (name, source) = NewSource();
        string[] play =
        [
            "ansible-playbook", "-i", "localhost,", "-c", "local", "-e", "ansible_python_interpreter=/usr/bin/python3",
            "-e", $"url={Nginx.Url(name)} image={name} socket={daemon.Socket}", Example("download.yml"),
        ];

        var first = await RunAsync(daemon, play);
        Assert.That(first.ExitCode, Is.Zero, first.ToString());
        Assert.That(first.Output, Does.Match(@"changed=1 .*failed=0"));
        AssertSame(name, source);
        var second = await RunAsync(daemon, play);
        Assert.That(second.ExitCode, Is.Zero, second.ToString());
        Assert.That(second.Output, Does.Match(@"changed=0 .*failed=0"));
    }

    [TestCase("download.sh")]
    [TestCase("download.py")]
    [TestCase("download.yml")]
    public async Task Example_uses_the_shipped_socket_unless_told_otherwise(string file) =>
        Assert.That(await File.ReadAllTextAsync(Example(file)), Does.Contain("/run/kimchi-isod/kimchi-isod.sock"));

    private static string[] Shell => ["sh", Example("download.sh")];

    private static string[] Python => ["/usr/bin/python3", Example("download.py")];

    private static string Example(string file) => Path.Combine(Repository.Root, "packaging", "examples", file);

    private static async Task<string> DownloadAsync(IsodProcess daemon, string[] command)
    {
        var (name, source) = NewSource();
        var result = await RunAsync(daemon, [.. command, Nginx.Url(name), name]);
        Assert.That(result.ExitCode, Is.Zero, result.ToString());
        AssertSame(name, source);
        return result.Output;
    }

    private static (string Name, string Source) NewSource()
    {
        var name = NewName();
        return (name, Nginx.AddFile(name, 3_000_000));
    }

    private static async Task<ToolResult> RunAsync(IsodProcess daemon, string[] command)
    {
        using var home = new TemporaryDirectory("example");
        return await Tool.RunAsync(
            command[0], command[1..], "", ("KIMCHI_ISOD_SOCKET", daemon.Socket), ("HOME", home.Path), ("ANSIBLE_LOCAL_TEMP", home.Path));
    }
}
