using System.Text.RegularExpressions;
using Kimchi.Isod.Fixtures;

namespace Kimchi.Isod.Integration.Tests.Packages;

/// <summary>The man pages as they are installed.</summary>
public sealed class ManualTests
{
    private static readonly string[] Pages = ["man1/kimchi-isoctl.1", "man5/kimchi-isod.conf.5", "man7/kimchi-isod-api.7", "man8/kimchi-isod.8"];

    private TemporaryDirectory? _installed;

    [OneTimeSetUp]
    public void Install()
    {
        _installed = new TemporaryDirectory("installed");
        ChildProcess.Run(Path.Combine(Repository.Root, "packaging", "install.sh"), _installed.Path);
    }

    [OneTimeTearDown]
    public void Delete() => _installed?.Dispose();

    [TestCaseSource(nameof(Pages))]
    public void Page_has_no_fault(string page)
    {
        var source = _installed![Path.GetFileName(page)];
        File.WriteAllText(source, ChildProcess.Run("gzip", "-dc", _installed[$"usr/share/man/{page}.gz"]));

        var (code, output) = ChildProcess.TryRun("mandoc", "-T", "lint", "-W", "warning", source);

        Assert.That(code, Is.Zero, output);
        Assert.That(File.ReadAllText(source), Does.Not.Match("@[A-Z]+@"));
    }

    [Test]
    public void Each_key_of_the_configuration_is_described_with_its_default()
    {
        var text = Render("man5/kimchi-isod.conf.5");
        var shipped = File.ReadAllText(Path.Combine(Repository.Root, "packaging", "kimchi-isod.conf"));

        var keys = Regex.Matches(shipped, "^#([a-z_]+) = ?(.*)$", RegexOptions.Multiline);
        Assert.That(keys, Has.Count.GreaterThan(40));
        foreach (Match key in keys)
        {
            var value = key.Groups[2].Value is "" ? "(none)" : key.Groups[2].Value;
            Assert.That(text, Does.Match($@"(?m)^ +{key.Groups[1].Value} = {Regex.Escape(value)}$"));
        }
    }

    [Test]
    public void Each_option_of_the_daemon_is_described()
    {
        var text = Render("man8/kimchi-isod.8");

        foreach (Match option in Regex.Matches(ChildProcess.Run(IsodProcess.Binary, "--help"), "(?m)^  (--[a-z-]+)"))
            Assert.That(text, Does.Match($"(?m)^ +{option.Groups[1].Value}"));
    }

    [Test]
    public void Each_command_of_the_command_line_and_its_options_are_described()
    {
        var text = Render("man1/kimchi-isoctl.1");

        foreach (Match command in Regex.Matches(Commands(), "^  ([a-z]+) ", RegexOptions.Multiline))
        {
            Assert.That(text, Does.Match($@"\b{command.Groups[1].Value}\b"));
            foreach (Match option in Regex.Matches(ChildProcess.Run(IsodProcess.Isoctl, command.Groups[1].Value, "--help"), "--[a-z][a-z-]+"))
                Assert.That(text, Does.Contain(option.Value), command.Value);
        }
    }

    private static string Commands()
    {
        var help = ChildProcess.Run(IsodProcess.Isoctl, "--help");
        return help[help.IndexOf("Commands:", StringComparison.Ordinal)..];
    }

    // Without the overstrikes that stand for bold letters.
    private string Render(string page) => Regex.Replace(
        ChildProcess.Run("mandoc", "-T", "ascii", "-O", "width=200", _installed![$"usr/share/man/{page}.gz"]), ".\b", "");
}
