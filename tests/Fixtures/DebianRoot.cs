namespace Kimchi.Isod.Fixtures;

/// <summary>
/// A Debian of the test's own: the bare system that tests/run.sh has made, under a layer in memory that takes what is changed. No systemd
/// runs in it.
/// </summary>
public sealed class DebianRoot : IDisposable
{
    private readonly TemporaryDirectory _directory = new("debian");

    /// <summary>Mounts it.</summary>
    public DebianRoot()
    {
        var layer = _directory.Make("layer");
        ChildProcess.Run("mount", "-t", "tmpfs", "-o", "size=512m", "isod-test", layer);
        var (upper, work) = (_directory.Make("layer/upper"), _directory.Make("layer/work"));
        Path = _directory.Make("root");
        ChildProcess.Run("mount", "-t", "overlay", "-o", $"lowerdir={Bare},upperdir={upper},workdir={work}", "overlay", Path);
    }

    /// <summary>The bare system: <c>KIMCHI_ISOD_DEBIAN_ROOT</c>, else the one that tests/run.sh has made in this checkout.</summary>
    public static string Bare => Environment.GetEnvironmentVariable("KIMCHI_ISOD_DEBIAN_ROOT")
        ?? System.IO.Path.Combine(Repository.Root, "artifacts", "debian-root");

    /// <summary>Where it is mounted.</summary>
    public string Path { get; }

    /// <summary>Where something of it is, such as /etc/passwd.</summary>
    public string this[string path] => Path + path;

    /// <summary>What runs a program in it: what follows is the program as it is called there, and its arguments.</summary>
    /// <param name="chroot">Options of chroot(1), such as --userspec=.</param>
    public string[] Enter(params string[] chroot) =>
    [
        .. InNamespace("mount --bind /tmp \"$root/tmp\"; exec \"$@\""),
        "env", "PATH=/usr/sbin:/usr/bin:/sbin:/bin", "DEBIAN_FRONTEND=noninteractive", "chroot", .. chroot, Path,
    ];

    /// <summary>Runs a program in it to its end.</summary>
    /// <returns>What it printed.</returns>
    /// <exception cref="InvalidOperationException">It failed; the message has its output.</exception>
    public string Run(params string[] command)
    {
        string[] all = [.. Enter(), .. command];
        return ChildProcess.Run(all[0], all[1..]);
    }

    /// <summary>Runs a program of this machine that works on it, such as rpm --root.</summary>
    /// <returns>What it printed.</returns>
    public string RunOn(params string[] command)
    {
        string[] all = [.. InNamespace("exec \"$@\""), .. command];
        return ChildProcess.Run(all[0], all[1..]);
    }

    /// <summary>Unmounts it; all that was changed is gone.</summary>
    public void Dispose()
    {
        ChildProcess.Run("umount", "--lazy", Path);
        ChildProcess.Run("umount", "--lazy", _directory["layer"]);
        _directory.Dispose();
    }

    // With /proc, which systemd's tools ask, and gone with the program.
    private string[] InNamespace(string script) =>
        ["unshare", "--mount", "--propagation", "slave", "sh", "-ec", $"root=$0; mount -t proc proc \"$root/proc\"; {script}", Path];
}
