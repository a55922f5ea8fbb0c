using System.Text.RegularExpressions;
using Kimchi.Isod.Fixtures;

namespace Kimchi.Isod.Integration.Tests;

/// <summary>The README's examples for other programs, as they stand there.</summary>
[Parallelizable(ParallelScope.Self)]
public sealed partial class ClientTests : IsodTest
{
    private const string ShippedSocket = "/run/kimchi-isod/kimchi-isod.sock";

    [Test]
    public async Task Example_for_curl_downloads() => await DownloadAsync(await StartAsync(), "sh", path => ["sh", path]);

    [Test]
    public async Task Example_for_curl_tells_a_refusal() => Assert.That(
        (await RunAsync(await StartAsync(), "sh", path => ["sh", path, Nginx.Url("missing.iso"), NewName()])).Output, Does.Contain("KCHVOL0022E: "));

    [Test]
    public async Task Example_for_python_downloads()
    {
        var output = await DownloadAsync(await StartAsync(), "python", path => ["/usr/bin/python3", path]);

        Assert.That(output, Does.Contain("completed 3000000 of 3000000"));
    }

    [Test]
    public async Task Example_for_python_tells_a_refusal() => Assert.That(
        (await RunAsync(await StartAsync(), "python", path => ["/usr/bin/python3", path, Nginx.Url("missing.iso"), NewName()])).Errors,
        Does.StartWith("KCHVOL0022E: "));

    [Test]
    public async Task Example_for_ansible_downloads_and_changes_nothing_the_second_time()
    {
        var daemon = await StartAsync();
        var (name, source) = NewSource();
        string[] Play(string path) =>
        [
            "ansible-playbook", "-i", "localhost,", "-c", "local", "-e", "ansible_python_interpreter=/usr/bin/python3",
            "-e", $"url={Nginx.Url(name)} name={name}", path,
        ];

        var first = await RunAsync(daemon, "yaml", Play);
        Assert.That(first.ExitCode, Is.Zero, first.ToString());
        Assert.That(first.Output, Does.Match(@"changed=1 .*failed=0"));
        AssertSame(name, source);
        var second = await RunAsync(daemon, "yaml", Play);
        Assert.That(second.ExitCode, Is.Zero, second.ToString());
        Assert.That(second.Output, Does.Match(@"changed=0 .*failed=0"));
    }

    private static async Task<string> DownloadAsync(IsodProcess daemon, string language, Func<string, string[]> command)
    {
        var (name, source) = NewSource();
        var result = await RunAsync(daemon, language, path => [.. command(path), Nginx.Url(name), name]);
        Assert.That(result.ExitCode, Is.Zero, result.ToString());
        AssertSame(name, source);
        return result.Output;
    }

    private static (string Name, string Source) NewSource()
    {
        var name = NewName();
        return (name, Nginx.AddFile(name, 3_000_000));
    }

    private static async Task<ToolResult> RunAsync(IsodProcess daemon, string language, Func<string, string[]> command)
    {
        using var directory = new TemporaryDirectory("example");
        var readme = await File.ReadAllTextAsync(Path.Combine(Repository.Root, "README.md"));
        var example = Blocks().Matches(readme).Single(block => block.Groups["language"].Value == language).Groups["text"].Value;
        Assert.That(example, Does.Contain(ShippedSocket));
        await File.WriteAllTextAsync(directory["example"], example.Replace(ShippedSocket, daemon.Socket, StringComparison.Ordinal));
        var line = command(directory["example"]);
        return await Tool.RunAsync(line[0], line[1..], "", ("HOME", directory.Path), ("ANSIBLE_LOCAL_TEMP", directory.Path));
    }

    [GeneratedRegex("^```(?<language>sh|python|yaml)\n(?<text>.*?)^```$", RegexOptions.Multiline | RegexOptions.Singleline | RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex Blocks();
}
