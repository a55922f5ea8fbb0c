using Kimchi.Isod.Fixtures;
using Kimchi.Isod.Fixtures.Storage;

namespace Kimchi.Isod.Integration.Tests.Faults;

/// <summary>A volume, or its pool, that another client of libvirt has in use for a while.</summary>
public sealed class VolumeInUseTests : StorageFaultTest
{
    private readonly SystemTools _tools = new();

    private string Gate => Path.Combine(_tools.State, "gate");

    [Test]
    public async Task Volume_that_somebody_copies_is_deleted_as_soon_as_it_is_let_go()
    {
        await BeginAsync();
        using var copy = StartCopy();
        await Patience.UntilAsync(() => Task.FromResult(File.Exists(Path.Combine(Pool, "copy.qcow2"))), () => copy.Output);

        var cancelled = Daemon.Client.CancelAsync(Name);
        await Patience.UntilAsync(
            () => Task.FromResult(OwnLibvirtd.Log.Contains($"'{Name}' is still in use", StringComparison.Ordinal)), () => OwnLibvirtd.Log);
        Assert.That(cancelled.IsCompleted, Is.False);
        Assert.That(File.Exists(VolumePath));
        await File.WriteAllTextAsync(Gate, "");

        var reply = await cancelled;
        Assert.That((int)reply.Status, Is.EqualTo(200), reply.Body);
        Assert.That(File.Exists(VolumePath), Is.False);
        Assert.That(await copy.WaitForExitAsync(Patience.Limit), Is.Zero, copy.Output);
    }

    [Test]
    public async Task Pool_that_is_busy_is_waited_for_and_holds_up_no_other_call()
    {
        await BeginAsync();
        using var copy = StartCopy();
        await Patience.UntilAsync(() => Task.FromResult(File.Exists(Path.Combine(Pool, "copy.qcow2"))), () => copy.Output);
        var other = NewName();

        var started = Daemon.Client.StartAsync(Nginx.Url(Name), other);
        await Patience.UntilAsync(
            () => Task.FromResult(OwnLibvirtd.Log.Contains("has asynchronous jobs running", StringComparison.Ordinal)), () => OwnLibvirtd.Log);
        var health = await Daemon.Client.GetAsync("/healthz");
        Assert.That(started.IsCompleted, Is.False);
        Assert.That((int)health.Status, Is.EqualTo(200), health.Body);
        await File.WriteAllTextAsync(Gate, "");

        Assert.That((int)(await started).Status, Is.EqualTo(200), (await started).Body);
        await Daemon.Client.WaitUntilCompletedAsync(other);
        Assert.That(TestFiles.FindDifference(Path.Combine(Pool, other), Source), Is.Null);
        Assert.That(await copy.WaitForExitAsync(Patience.Limit), Is.Zero, copy.Output);
    }

    [OneTimeTearDown]
    public void RemoveTools() => _tools.Dispose();

    private protected override PrivateLibvirtd StartOwnLibvirtd()
    {
        _tools.Add("qemu-img", "qemu-img");
        File.Delete(Gate);
        ChildProcess.Run("mkfifo", Gate);
        return new PrivateLibvirtd(_tools.Path);
    }

    // Into another format, for which libvirtd calls qemu-img.
    private ChildProcess StartCopy()
    {
        var definition = Path.Combine(_tools.State, "copy.xml");
        File.WriteAllText(definition, $"""
            <volume>
              <name>copy.qcow2</name>
              <capacity>{Size}</capacity>
              <target><format type='qcow2'/></target>
            </volume>
            """);
        return ChildProcess.Start("virsh", ["-q", "-c", OwnLibvirtd.Uri, "vol-create-from", "ISO", definition, Name, "--inputpool", "ISO"]);
    }
}
