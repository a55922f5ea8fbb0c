using System.Text.RegularExpressions;
using Kimchi.Isod.Fixtures;
using Kimchi.Isod.Fixtures.Wire;

namespace Kimchi.Isod.Integration.Tests.Cli;

/// <summary>The progress bars, in a real pseudo-terminal.</summary>
public sealed partial class CliTerminalTests : CliTest
{
    private const string CtrlC = "\u0003";

    [Test]
    public async Task Bars_show_a_drop_with_its_reason_and_then_the_rest()
    {
        var daemon = await StartAsync(("downloads:retry_max_delay", "1s"));
        await using var server = new ImageServer((e, _) => Task.FromResult(e.Request.Number == 1 ? 3_000_000 : int.MaxValue));
        var name = NewName();
        server.Add(name, 8_000_000, seed: 1);

        using var terminal = new Terminal(120, $"{IsodProcess.Isoctl} download {server.Url(name)}", Socket(daemon));

        Assert.That(await terminal.WaitForExitAsync(), Is.Zero, terminal.Output);
        var shown = WithoutColors(terminal.Output);
        Assert.That(shown, Does.Match($@"{name}  \[#+-+\]   37%   retrying"));
        Assert.That(shown, Does.Contain("  KCHVOL0022E: the connection ended at byte 3000000 of 8000000"));
        Assert.That(shown, Does.Match($@"{name}  \[#+\]  100%  completed +7.6 MiB"));
        Assert.That(terminal.Output, Does.Contain("\u001b[33m").Or.Contain("\u001b[38;5;"), "colors");
    }

    [Test]
    public async Task Ctrl_c_leaves_the_download_running_and_says_so()
    {
        var daemon = await StartAsync();
        var (name, source) = NewSource(16_000_000);
        using var terminal = new Terminal(100, $"{IsodProcess.Isoctl} download {Nginx.Url("slow/" + name)}", Socket(daemon));
        await terminal.WaitForAsync(name + "  [");

        terminal.Type(CtrlC);

        Assert.That(await terminal.WaitForExitAsync(), Is.EqualTo(130), terminal.Output);
        Assert.That(terminal.Output, Does.Contain("The daemon goes on downloading").And.Contain($"kimchi-isoctl watch {name}"));
        await daemon.Client.WaitUntilCompletedAsync(name);
        AssertSame(name, source);
    }

    [Test]
    public async Task No_color_and_dumb_terminals_are_respected()
    {
        var daemon = await StartAsync();
        var ((one, _), (other, _)) = (NewSource(), NewSource());

        using var plain = new Terminal(80, $"{IsodProcess.Isoctl} download {Nginx.Url(one)}", Socket(daemon), ("NO_COLOR", "1"));
        Assert.That(await plain.WaitForExitAsync(), Is.Zero, plain.Output);
        Assert.That(plain.Output, Does.Contain("100%").And.Not.Match(@"\u001b\[[0-9;]*m"));
        using var dumb = new Terminal(80, $"{IsodProcess.Isoctl} download {Nginx.Url(other)}", Socket(daemon), ("TERM", "dumb"));
        Assert.That(await dumb.WaitForExitAsync(), Is.Zero, dumb.Output);
        Assert.That(dumb.Output, Does.Contain($"{other}: completed, 2.9 MiB").And.Not.Contain("\u001b"));
    }

    [Test]
    public async Task Narrow_terminal_is_not_overrun_and_a_wider_one_is_used()
    {
        var daemon = await StartAsync();
        var (name, _) = NewSource(40_000_000);
        await daemon.Client.StartAsync(Nginx.Url("slow/" + name), name);
        using var directory = new TemporaryDirectory("resize");
        ChildProcess.Run("mkfifo", directory["go"]);
        using var terminal = new Terminal(
            40, $"(read -r x < {directory["go"]}; stty -F /dev/tty cols 110) & exec {IsodProcess.Isoctl} watch {name}", Socket(daemon));
        await terminal.WaitForAsync("%");
        var narrow = WithoutColors(terminal.Output).Split('\n').Where(line => line.Contains('%', StringComparison.Ordinal)).ToList();

        await File.WriteAllTextAsync(directory["go"], "\n");
        await terminal.WaitForAsync(" of 38.1 MiB");
        await daemon.Client.CancelAsync(name);

        Assert.That(await terminal.WaitForExitAsync(), Is.EqualTo(1));
        Assert.That(narrow.Select(line => line.TrimEnd().Split('\r')[^1].Length), Is.All.LessThan(40));
    }

    private static string WithoutColors(string text) => Escapes().Replace(text, "");

    [GeneratedRegex(@"\u001b\[[0-9;?]*[A-Za-z]", RegexOptions.None, 1000)]
    private static partial Regex Escapes();
}
