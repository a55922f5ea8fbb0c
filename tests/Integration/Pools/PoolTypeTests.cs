using Kimchi.Isod.Fixtures;
using Kimchi.Isod.Fixtures.Wire;

namespace Kimchi.Isod.Integration.Tests.Pools;

/// <summary>
/// Downloads into pools of every type that takes uploads. fs is all real; of netfs only the network is missing (mount.nfs), of logical
/// only LVM (lvm.py), which kernels without NFS and without a device mapper cannot have: see Fixtures/Storage.
/// </summary>
[Parallelizable(ParallelScope.Self)]
[TestFixture("dir")]
[TestFixture("fs")]
[TestFixture("netfs")]
[TestFixture("logical")]
public sealed class PoolTypeTests(string type) : IsodTest
{
    private const int Size = 9_000_001;

    private TypedPool _pool = null!;
    private ImageServer _server = null!;

    [OneTimeSetUp]
    public void MakePool()
    {
        _pool = new TypedPool(type);
        _server = new ImageServer();
    }

    [OneTimeTearDown]
    public async Task RemovePool()
    {
        await _server.DisposeAsync();
        _pool.Dispose();
    }

    [Test]
    public async Task Image_arrives_whole_and_is_a_volume_of_the_pool()
    {
        var daemon = await StartAsync();
        var (name, image) = NewImage();

        await StartDownloadAsync(daemon, name);
        await daemon.Client.WaitUntilCompletedAsync(name);

        AssertSame(name, image);
        Assert.That(_pool.Libvirtd.Virsh("vol-list", "ISO"), Does.Contain(name));
        AssertRestIsEmpty(name);
        _pool.Libvirtd.Virsh("vol-delete", "--pool", "ISO", name);
    }

    [Test]
    public async Task Pause_resume_and_a_crash_in_the_middle_lose_nothing()
    {
        var daemon = await StartAsync(("downloads:limit_rate", "3M"));
        var (name, image) = NewImage();
        await StartDownloadAsync(daemon, name);
        await daemon.Client.WaitForBytesAsync(name, 1_000_000);
        await daemon.Client.PauseAsync(name);
        var paused = (await daemon.Client.StatusAsync(name)).Number("downloaded_size");
        Assert.That(VolumeStart.IsToken(_pool.Read(name, 64 * 1024)), "no image yet, neither the new one nor an old one");
        await daemon.Client.ResumeAsync(name);
        await daemon.Client.WaitForBytesAsync(name, paused + 1_000_000);

        await daemon.KillAsync();
        daemon.Settings["downloads:limit_rate"] = "0";
        await daemon.StartAsync();
        await daemon.Client.WaitUntilCompletedAsync(name);

        AssertSame(name, image);
        AssertRestIsEmpty(name);
        _pool.Libvirtd.Virsh("vol-delete", "--pool", "ISO", name);
    }

    [Test]
    public async Task Cancel_in_the_middle_leaves_no_volume()
    {
        var daemon = await StartAsync(("downloads:limit_rate", "3M"));
        var (name, _) = NewImage();
        await StartDownloadAsync(daemon, name);
        await daemon.Client.WaitForBytesAsync(name, 1_000_000);

        await daemon.Client.CancelAsync(name);

        Assert.That(_pool.Libvirtd.Virsh("vol-list", "ISO"), Does.Not.Contain(name));
        Assert.That(_pool.Read(name, 1), Is.Null);
    }

    [Test]
    public async Task Image_that_does_not_fit_is_refused_with_the_numbers()
    {
        var daemon = await StartAsync();
        var name = NewName();
        _server.Add(name, 70 << 20, seed: 1);

        var reply = await daemon.Client.StartAsync(_server.Url(name), name);

        AssertError(reply, 400, "KCHDL0001E");
        Assert.That(reply.Text("reason"), Does.Contain($"{70 << 20}"));
        Assert.That(_pool.Libvirtd.Virsh("vol-list", "ISO"), Does.Not.Contain(name));
    }

    [Test]
    public async Task File_of_unknown_size_grows_where_volumes_can_and_is_refused_where_they_cannot()
    {
        await using var server = new ImageServer { HidesSizes = true };
        // It is promised room a window at a time.
        var daemon = await StartAsync(("downloads:window_size", "4M"));
        var name = NewName();
        var image = server.Add(name, Size, seed: 3);

        var reply = await daemon.Client.StartAsync(server.Url(name), name);

        if (_pool.HasDevices)
        {
            AssertError(reply, 500, "KCHVOL0007E");
            Assert.That(reply.Text("reason"), Does.Contain("does not tell the file's size").And.Contain("'logical'"));
            return;
        }

        Assert.That((int)reply.Status, Is.EqualTo(200), reply.Body);
        await daemon.Client.WaitUntilCompletedAsync(name);
        AssertSame(name, image);
        _pool.Libvirtd.Virsh("vol-delete", "--pool", "ISO", name);
    }

    private new async Task<IsodProcess> StartAsync(params (string Key, string Value)[] settings)
    {
        var daemon = Prepare(_pool.Libvirtd, "/nowhere", settings);
        await daemon.StartAsync();
        return daemon;
    }

    private async Task StartDownloadAsync(IsodProcess daemon, string name)
    {
        var reply = await daemon.Client.StartAsync(_server.Url(name), name);
        Assert.That((int)reply.Status, Is.EqualTo(200), reply.Body);
    }

    private (string Name, byte[] Image) NewImage()
    {
        var name = NewName();
        return (name, _server.Add(name, Size, name.GetHashCode(StringComparison.Ordinal)));
    }

    private void AssertSame(string name, byte[] image) =>
        Assert.That(_pool.Read(name, image.Length).AsSpan().SequenceEqual(image), "the volume is the image");

    // A device is longer than the image. What was there before must not be taken for a part of it: a backup GPT is looked for at the end.
    private void AssertRestIsEmpty(string name)
    {
        if (!_pool.HasDevices) return;
        var whole = _pool.Read(name, 12 << 20)!;
        Assert.That(whole, Has.Length.EqualTo(12 << 20), "three extents");
        Assert.That(whole.AsSpan(Size).IndexOfAnyExcept((byte)0), Is.EqualTo(-1));
    }
}
