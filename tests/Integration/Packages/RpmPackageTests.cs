using Kimchi.Isod.Fixtures;

namespace Kimchi.Isod.Integration.Tests.Packages;

/// <summary>The rpm itself, and what its scripts do in a bare system. rpm's own database of that system knows none of its packages.</summary>
public sealed class RpmPackageTests
{
    private const string Configuration = "/etc/kimchi-isod/kimchi-isod.conf";

    [Test]
    public void Rpmlint_finds_nothing()
    {
        var (code, output) = ChildProcess.TryRun(
            "rpmlint", "-c", Path.Combine(Repository.Root, "packaging", "rpm", "rpmlint.toml"), BuiltPackages.Rpm);

        Assert.That(code, Is.Zero, output);
        Assert.That(output, Does.Contain("0 errors, 0 warnings"));
    }

    [Test]
    public void It_has_the_same_files_as_the_deb_where_distributions_do_not_differ()
    {
        var rpm = ChildProcess.Run("rpm", "-qpl", BuiltPackages.Rpm).Split('\n', StringSplitOptions.RemoveEmptyEntries);
        var deb = ChildProcess.Run("dpkg-deb", "--contents", BuiltPackages.Deb).Split('\n', StringSplitOptions.RemoveEmptyEntries)
            .Where(line => !line.StartsWith('d')).Select(line => line.Split(' ', StringSplitOptions.RemoveEmptyEntries)[5][1..])
            .Where(path => !path.Contains("/doc/") && !path.Contains("/lintian/"))
            .Select(path => path.Replace("/vendor-completions/", "/site-functions/").Replace("/lib/systemd", "/usr/lib/systemd"));

        Assert.That(deb, Is.Not.Empty.And.SubsetOf(rpm));
        Assert.That(rpm, Does.Contain("/usr/share/licenses/kimchi-isod-0.1.0/LICENSE").And.Contain("/etc/kimchi-isod/conf.d"));
    }

    [Test]
    public void Only_the_configuration_is_the_administrators_and_all_belongs_to_root()
    {
        Assert.That(ChildProcess.Run("rpm", "-qp", "--configfiles", BuiltPackages.Rpm).Trim(), Is.EqualTo(Configuration));
        foreach (var line in Query("[%{FILEMODES:perms} %{FILEUSERNAME} %{FILEGROUPNAME} %{FILENAMES}\n]"))
            Assert.That(line, Does.Match("^(l.{9}|[d-]rw[x-]r-[x-]r-[x-]) root root /"));
    }

    [Test]
    public void Libraries_that_it_loads_while_it_runs_are_required()
    {
        var required = ChildProcess.Run("rpm", "-qp", "--requires", BuiltPackages.Rpm);

        foreach (var library in new[] { "libvirt.so.0", "libcurl.so.4", "libidn2.so.0", "libssl.so.3" }) Assert.That(required, Does.Contain(library + "()(64bit)"));
        Assert.That(ChildProcess.Run("rpm", "-qp", "--provides", BuiltPackages.Rpm), Does.Not.Contain("sqlite"));
    }

    [Test]
    public void Installation_makes_the_user_and_removal_keeps_state_images_and_a_changed_configuration()
    {
        using var root = new DebianRoot();
        root.RunOn("rpm", "--root", root.Path, "-i", "--nodeps", BuiltPackages.Rpm);
        Assert.That(File.ReadAllText(root["/etc/passwd"]), Does.Contain("\nkimchi-isod:"));
        Assert.That(root.Run("kimchi-isod", "--check-config"), Does.Not.Contain("error"));
        File.AppendAllText(root[Configuration], "[log]\nlevel = debug\n");
        var (state, image) = (root["/var/lib/kimchi-isod/downloads.sqlite"], root["/var/lib/kimchi/isos/image.iso"]);
        foreach (var file in new[] { state, image })
        {
            Directory.CreateDirectory(Path.GetDirectoryName(file)!);
            File.WriteAllText(file, "kept");
        }

        root.RunOn("rpm", "--root", root.Path, "-e", "kimchi-isod");

        Assert.That(File.ReadAllText(state), Is.EqualTo("kept"));
        Assert.That(File.ReadAllText(image), Is.EqualTo("kept"));
        Assert.That(File.ReadAllText(root[Configuration + ".rpmsave"]), Does.EndWith("level = debug\n"));
        Assert.That(File.Exists(root["/usr/bin/kimchi-isod"]) || Directory.Exists(root["/usr/lib/kimchi-isod"]), Is.False);
    }

    private static string[] Query(string format) =>
        ChildProcess.Run("rpm", "-qp", "--queryformat", format, BuiltPackages.Rpm).Split('\n', StringSplitOptions.RemoveEmptyEntries);
}
