using System.Globalization;
using Kimchi.Isod.Fixtures;

namespace Kimchi.Isod.Integration.Tests.Packages;

/// <summary>The .deb installed, upgraded, removed and purged in a bare Debian.</summary>
[FixtureLifeCycle(LifeCycle.InstancePerTestCase)]
[Parallelizable(ParallelScope.All)]
public sealed class DebianSystemTests : IDisposable
{
    private const string Configuration = "/etc/kimchi-isod/kimchi-isod.conf";
    private const string Wanted = "/etc/systemd/system/multi-user.target.wants/kimchi-isod.service";
    private const string State = "/var/lib/kimchi-isod/downloads.sqlite";
    private const string Image = "/var/lib/kimchi/isos/image.iso";

    private readonly TemporaryDirectory _directory = new("later");
    private readonly DebianRoot _root = new();

    public void Dispose()
    {
        _root.Dispose();
        _directory.Dispose();
    }

    [Test]
    public void Installation_makes_the_user_enables_the_units_and_leaves_programs_that_run()
    {
        Install(BuiltPackages.Deb);

        Assert.That(File.ReadAllText(_root["/etc/passwd"]), Does.Match(@"\nkimchi-isod:[^:]*:\d+:\d+:[^:]*:/var/lib/kimchi-isod:/usr/sbin/nologin\n"));
        Assert.That(File.ReadAllText(_root["/etc/group"]), Does.Contain("\nkimchi-isod:"));
        Assert.That(Exists(Wanted) && Exists("/etc/systemd/system/sockets.target.wants/kimchi-isod.socket"));
        Assert.That(_root.Run("dpkg", "--verify", "kimchi-isod"), Is.Empty);
        Assert.That(_root.Run("dpkg", "--audit"), Is.Empty);
        Assert.That(_root.Run("kimchi-isod", "--check-config"), Does.Not.Contain("error"));
        Assert.That(_root.Run("kimchi-isoctl", "--help"), Does.Contain("download"));
    }

    [Test]
    public void Installation_into_a_tree_that_is_no_running_system_works_as_well()
    {
        File.Copy(BuiltPackages.Deb, _root["/root/kimchi-isod.deb"]);

        // Without /proc.
        ChildProcess.Run("chroot", _root.Path, "dpkg", "--install", "/root/kimchi-isod.deb");

        Assert.That(File.ReadAllText(_root["/etc/passwd"]), Does.Contain("\nkimchi-isod:"));
        Assert.That(Exists(Wanted));
    }

    [Test]
    public void Units_are_verified_by_systemd_without_a_word()
    {
        Install(BuiltPackages.Deb);

        Assert.That(
            _root.Run("systemd-analyze", "verify", "--man=no", "kimchi-isod.service", "kimchi-isod.socket"), Is.Empty);
    }

    [Test]
    public void Upgrade_keeps_configuration_state_images_and_units_that_are_disabled()
    {
        Install(BuiltPackages.Deb);
        WriteFiles();
        File.AppendAllText(_root[Configuration], "[log]\nlevel = debug\n");
        _root.Run("systemctl", "disable", "--quiet", "kimchi-isod.service");
        Assert.That(Exists(Wanted), Is.False);

        Install(BuiltPackages.MakeLaterDeb(
            _directory.Path, unpacked => File.AppendAllText(unpacked + Configuration, "# The next version's.\n")));

        Assert.That(_root.Run("dpkg-query", "-W", "-f", "${Version} ${db:Status-Abbrev}", "kimchi-isod").Trim(), Does.Match("^9:.* ii$"));
        Assert.That(File.ReadAllText(_root[Configuration]), Does.EndWith("level = debug\n"));
        Assert.That(File.ReadAllText(_root[Configuration + ".dpkg-dist"]), Does.EndWith("# The next version's.\n"));
        Assert.That(Exists(Wanted), Is.False);
        AssertKept(State);
        AssertKept(Image);
    }

    [Test]
    public void Removal_keeps_configuration_state_and_images()
    {
        Install(BuiltPackages.Deb);
        WriteFiles();

        _root.Run("dpkg", "--remove", "kimchi-isod");

        AssertNoPrograms();
        Assert.That(Exists(Configuration));
        AssertKept(State);
        AssertKept(Image);
        Install(BuiltPackages.Deb);
        Assert.That(Exists(Wanted), "installed again, it is enabled as before");
    }

    [Test]
    public void Purge_removes_configuration_and_state_and_never_an_image()
    {
        Install(BuiltPackages.Deb);
        WriteFiles();

        _root.Run("dpkg", "--purge", "kimchi-isod");

        AssertNoPrograms();
        Assert.That(Exists("/etc/kimchi-isod") || Directory.Exists(_root["/var/lib/kimchi-isod"]) || Exists(Wanted), Is.False);
        Assert.That(Directory.GetFiles(_root["/var/lib/dpkg/info"], "kimchi-isod.*"), Is.Empty);
        AssertKept(Image);
        Assert.That(File.ReadAllText(_root["/etc/passwd"]), Does.Contain("\nkimchi-isod:"), "its id is not to be given to another");
    }

    [Test]
    public void Installation_over_a_user_and_a_state_of_before_takes_them_as_they_are()
    {
        Install(BuiltPackages.Deb);
        var id = UserId();
        WriteFiles();
        _root.Run("dpkg", "--remove", "kimchi-isod");

        Install(BuiltPackages.Deb);

        Assert.That(UserId(), Is.EqualTo(id));
        AssertKept(State);
    }

    private void Install(string package) => _root.Run("dpkg", "--force-confold", "--install", package);

    private void WriteFiles()
    {
        foreach (var path in new[] { State, Image })
        {
            Directory.CreateDirectory(Path.GetDirectoryName(_root[path])!);
            File.WriteAllText(_root[path], "kept");
        }
    }

    private void AssertKept(string path) => Assert.That(File.ReadAllText(_root[path]), Is.EqualTo("kept"));

    private void AssertNoPrograms()
    {
        foreach (var path in new[] { "/usr/bin/kimchi-isod", "/usr/bin/kimchi-isoctl", "/usr/lib/kimchi-isod", "/lib/systemd/system/kimchi-isod.service" })
            Assert.That(Exists(path), Is.False, path);
    }

    private uint UserId() =>
        uint.Parse(File.ReadLines(_root["/etc/passwd"]).Single(l => l.StartsWith("kimchi-isod:", StringComparison.Ordinal)).Split(':')[2], CultureInfo.InvariantCulture);

    // Also a link whose target is another system's.
    private bool Exists(string path) => Path.Exists(_root[path]) || new FileInfo(_root[path]).LinkTarget is not null;
}
