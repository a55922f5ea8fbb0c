using Kimchi.Isod.Fixtures;
using Kimchi.Isod.Storage.Libvirt;

namespace Kimchi.Isod.Storage.Tests;

/// <summary>What the kernel tells of writes to a file.</summary>
public sealed class FileActivityTests
{
    private TemporaryDirectory _directory = null!;
    private string _path = "";

    [SetUp]
    public void MakeFile()
    {
        _directory = new TemporaryDirectory("activity");
        _path = _directory["a.iso"];
        File.WriteAllBytes(_path, [1, 2, 3, 4, 5, 6, 7, 8]);
        // A time of change that is not the clock's present tick, which the next write would have as well.
        ChildProcess.Run("cp", "-p", _path, _directory["older"]);
    }

    [TearDown]
    public void RemoveDirectory() => _directory.Dispose();

    [TestCase("printf x | dd of=a.iso conv=notrunc bs=1 seek=2 status=none", 1, TestName = "A write")]
    [TestCase("cp -p older a.iso", 1, TestName = "An older copy with its time of modification")]
    [TestCase("truncate -s 2 a.iso; truncate -s 8 a.iso", 2, TestName = "Truncated and grown")]
    [TestCase("printf x | dd of=a.iso conv=notrunc bs=1 seek=2 status=none; touch -r older a.iso", 1, TestName = "A write whose time is set back")]
    [TestCase("python3 -c 'import mmap; f = open(\"a.iso\", \"r+b\"); m = mmap.mmap(f.fileno(), 8); f.close(); m[2] = 9; m.close()'", 1, TestName = "A write to mapped memory")]
    public void Write_of_others_changes_the_stamp_and_counts(string command, int writers)
    {
        using var file = LocalFile.Find(_path, [1])!;
        var before = file.Observe();

        Run(command);

        var after = file.Observe();
        Assert.That(after.Stamp, Is.Not.Null.And.Not.EqualTo(before.Stamp));
        Assert.That(before.IsWatched);
        Assert.That(after.Writers, Is.GreaterThanOrEqualTo(writers));
        Assert.That(file.Observe(), Is.EqualTo(after with { Writers = 0 }), "each is told once");
    }

    [TestCase("cat a.iso", TestName = "Read")]
    [TestCase("ls -l a.iso; stat a.iso", TestName = "Looked at")]
    [TestCase("sync a.iso", TestName = "Flushed")]
    public void Who_only_reads_changes_nothing(string command)
    {
        using var file = LocalFile.Find(_path, [1])!;
        var before = file.Observe();

        Run(command);
        file.Flush();

        Assert.That(file.Observe(), Is.EqualTo(before));
    }

    [Test]
    public void Writers_of_one_moment_with_reads_in_between_are_counted_each()
    {
        using var file = LocalFile.Find(_path, [1])!;
        file.Observe();

        for (var i = 0; i < 1000; i++) File.OpenHandle(_path, access: FileAccess.Write, share: FileShare.ReadWrite).Dispose();

        Assert.That(file.Observe().Writers, Is.EqualTo(1000));
    }

    [Test]
    public void Where_the_kernel_gives_no_watch_the_stamp_is_left()
    {
        List<WriterWatch> taken = [];
        try
        {
            using var file = LocalFile.Find(_path, [1])!;
            using var handle = File.OpenHandle(_path, share: FileShare.ReadWrite);
            while (WriterWatch.TryStart(handle) is { } watch) taken.Add(watch);

            var before = file.Observe();
            Run("printf x | dd of=a.iso conv=notrunc bs=1 seek=2 status=none");
            var after = file.Observe();

            Assert.That((before.IsWatched, after.Writers), Is.EqualTo((false, 0)));
            Assert.That(after.Stamp, Is.Not.EqualTo(before.Stamp));
        }
        finally
        {
            taken.ForEach(watch => watch.Dispose());
        }
    }

    [Test]
    public void Device_has_no_stamp()
    {
        using var device = LocalFile.Find("/dev/zero", [0])!;

        Assert.That(device.Observe().Stamp, Is.Null);
    }

    private void Run(string command) => ChildProcess.Run("sh", "-c", $"cd {_directory.Path}; {command}");
}
