using System.Net;
using Kimchi.Isod.Fixtures;

namespace Kimchi.Isod.Integration.Tests;

/// <summary>Names in the pool's directory that are taken, whether libvirt lists them or not.</summary>
[Parallelizable(ParallelScope.Self)]
[FixtureLifeCycle(LifeCycle.InstancePerTestCase)]
public sealed class NameInUseTests : IsodTest
{
    private readonly PrivateLibvirtd _libvirtd = new();

    [TearDown]
    public async Task StopLibvirtd()
    {
        await StopDaemons();
        _libvirtd.Dispose();
    }

    [TestCase("ln -s /mnt/nas/gone.iso $name")]
    [TestCase("ln -s $name $name")]
    [TestCase("ln -s /etc $name")]
    [TestCase("ln -s /dev/null $name")]
    [TestCase("mkdir $name")]
    [TestCase("mkfifo $name")]
    [TestCase("echo unseen >$name")]
    public async Task Name_that_something_has_is_in_use_and_the_next_number_is_taken_where_no_name_was_given(string command)
    {
        var pool = _libvirtd.NewPoolDirectory();
        var daemon = Prepare(_libvirtd, pool);
        await daemon.StartAsync();
        var stem = Path.GetFileNameWithoutExtension(NewName());
        var name = stem + ".iso";
        var source = Nginx.AddFile(name, 3_000_000);
        ChildProcess.Run("sh", "-ec", $"cd {pool}; name={name}; {command}");
        var before = Describe(pool, name);

        AssertError(await daemon.Client.StartAsync(Nginx.Url(name), name), 400, "KCHVOL0001E");
        var reply = await daemon.Client.StartAsync(Nginx.Url(name));

        Assert.That(reply.Status, Is.EqualTo(HttpStatusCode.OK), reply.Body);
        Assert.That(reply.Text("name"), Is.EqualTo($"{stem}-1.iso"));
        await daemon.Client.WaitUntilCompletedAsync($"{stem}-1.iso");
        Assert.That(TestFiles.FindDifference(Path.Combine(pool, $"{stem}-1.iso"), source), Is.Null);
        AssertError(await daemon.Client.StatusAsync(name), 400, "KCHDL0002E");
        Assert.That(Describe(pool, name), Is.EqualTo(before), "it is left as it was");
    }

    private static string Describe(string pool, string name) => ChildProcess.Run("stat", "-c", "%N %F %i %s %Y", Path.Combine(pool, name));
}
