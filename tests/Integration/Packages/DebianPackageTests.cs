using Kimchi.Isod.Fixtures;

namespace Kimchi.Isod.Integration.Tests.Packages;

/// <summary>The .deb itself.</summary>
public sealed class DebianPackageTests
{
    [Test]
    public void Lintian_finds_nothing()
    {
        var (code, output) = ChildProcess.TryRun("lintian", "--allow-root", "--fail-on", "error,warning,info", BuiltPackages.Deb);

        Assert.That(code, Is.Zero, output);
        Assert.That(output.Trim(), Is.Empty);
    }

    [Test]
    public void Only_the_configuration_is_the_administrators()
    {
        Assert.That(
            ChildProcess.Run("dpkg-deb", "--info", BuiltPackages.Deb, "conffiles").Trim(), Is.EqualTo("/etc/kimchi-isod/kimchi-isod.conf"));
    }

    [Test]
    public void Nothing_in_it_belongs_to_another_than_root_or_can_be_written_by_another()
    {
        foreach (var line in ChildProcess.Run("dpkg-deb", "--contents", BuiltPackages.Deb).Split('\n', StringSplitOptions.RemoveEmptyEntries))
            Assert.That(line, Does.Match(@"^(l.{9}|[d-]rw[x-]r-[x-]r-[x-]) root/root "));
    }

    [Test]
    public void Version_is_that_of_the_programs()
    {
        var version = ChildProcess.Run(IsodProcess.Binary, "--version").Trim().Split(' ')[^1];

        Assert.That(ChildProcess.Run("dpkg-deb", "--field", BuiltPackages.Deb, "Version").Trim(), Is.EqualTo($"{version}-1"));
        Assert.That(ChildProcess.Run("rpm", "-qp", "--queryformat", "%{VERSION}-%{RELEASE}", BuiltPackages.Rpm).Trim(), Is.EqualTo($"{version}-1"));
    }
}
