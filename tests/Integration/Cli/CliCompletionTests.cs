using Kimchi.Isod.Fixtures;

namespace Kimchi.Isod.Integration.Tests.Cli;

/// <summary>Completion, by the shells themselves.</summary>
public sealed class CliCompletionTests : CliTest
{
    private static readonly string Path = $"{System.IO.Path.GetDirectoryName(IsodProcess.Binary)}:{Environment.GetEnvironmentVariable("PATH")}";

    [Test]
    public async Task Bash_completes_names_of_downloads_as_one_word()
    {
        var daemon = await StartAsync();
        var name = NewName();
        await AddAsync(daemon, $"two words ({name})");

        Assert.That(await CompleteInBashAsync(daemon, "kimchi-isoctl status two"), Is.EqualTo($"two\\ words\\ \\({name}\\)\n"));
    }

    [TestCase("kimchi-isoctl pau", "pause\n")]
    [TestCase("kimchi-isoctl download --lim", "--limit-rate\n")]
    public async Task Bash_completes_commands_and_options(string line, string candidates) =>
        Assert.That(await CompleteInBashAsync(await StartAsync(), line), Is.EqualTo(candidates));

    private static async Task<string> CompleteInBashAsync(IsodProcess daemon, string line)
    {
        var script = $$"""
            source <(kimchi-isoctl completion bash)
            COMP_LINE='{{line}}' COMP_POINT={{line.Length}} COMP_WORDS=({{line}}) COMP_CWORD={{line.Split(' ').Length - 1}}
            _kimchi_isoctl; printf '%s\n' "${COMPREPLY[@]}"
            """;

        return (await Tool.RunAsync("bash", ["--norc", "-c", script], "", Socket(daemon), ("PATH", Path))).Output;
    }

    [Test]
    public async Task Fish_completes_names_of_downloads()
    {
        var daemon = await StartAsync();
        var name = NewName();
        await AddAsync(daemon, $"two words {name}");
        using var home = new TemporaryDirectory("fish");

        var result = await Tool.RunAsync(
            "fish", ["--private", "-c", "kimchi-isoctl completion fish | source; complete -C 'kimchi-isoctl status t'"], "",
            Socket(daemon), ("PATH", Path), ("HOME", home.Path));

        Assert.That(result.Output, Is.EqualTo($"two words {name}\n"), result.ToString());
    }

    [Test]
    public async Task Zsh_understands_its_completion()
    {
        var script = (await Tool.RunAsync(IsodProcess.Isoctl, ["completion", "zsh"])).Output;

        var result = await Tool.RunAsync("zsh", ["-f", "-n", "/dev/stdin"], script);

        Assert.That(result, Is.EqualTo(new ToolResult(0, "", "")));
    }

    [Test]
    public async Task Absent_daemon_completes_nothing_and_complains_of_nothing()
    {
        var result = await Tool.RunAsync(IsodProcess.Isoctl, ["[suggest:21]", "kimchi-isoctl status "], "", ("KIMCHI_ISOD_SOCKET", "/nowhere/sock"));

        Assert.That(result.Output.Split('\n'), Has.None.Contains(".iso"));
        Assert.That((result.ExitCode, result.Errors), Is.EqualTo((0, "")));
    }

    private static async Task AddAsync(IsodProcess daemon, string name)
    {
        var (source, _) = NewSource();
        var reply = await daemon.Client.CallAsync("", new { url = Nginx.Url(source), name, start_paused = true });
        Assert.That((int)reply.Status, Is.EqualTo(200), reply.Body);
    }
}
