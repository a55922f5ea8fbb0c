using System.Security.Cryptography;
using Kimchi.Isod.Core.Errors;
using Kimchi.Isod.Core.Remote;
using Kimchi.Isod.Core.Starting;
using Kimchi.Isod.Core.State;
using Kimchi.Isod.Core.Tests.Fakes;
using Kimchi.Isod.Core.Volumes;

namespace Kimchi.Isod.Core.Tests;

/// <summary>Starts that keep what is there: <c>if_exists: keep</c>.</summary>
public sealed class KeepingStartTests
{
    private const string OtherChecksum = "sha256:0000000000000000000000000000000000000000000000000000000000000000";

    private static readonly VolumeId Volume = new("ISO", "a.iso");

    [Test]
    public async Task Name_that_is_free_is_a_start()
    {
        var world = new World(500_000);

        var kept = await world.KeepAsync();

        Assert.That(kept, Has.Property("IsKept").False.And.Property("Volume").EqualTo(Volume));
        Assert.That(kept.Download!.Record.State, Is.Not.EqualTo(DownloadState.Failed));
        await world.WaitForAsync(DownloadState.Completed);
    }

    [TestCase(null, null)]
    [TestCase("sha256", null)]
    [TestCase("sha256", "sha256")]
    public async Task Completed_image_of_the_same_URL_and_checksum_is_kept_without_being_read(string? first, string? second)
    {
        var world = await CompletedAsync(first);
        var volume = world.Pools["a.iso"];
        var before = volume.BytesRead;

        var kept = await world.KeepAsync(checksum: Checksum(world, second));

        Assert.That(kept.IsKept);
        Assert.That(kept.Download!.Record.State, Is.EqualTo(DownloadState.Completed));
        Assert.That(volume.BytesRead - before, Is.LessThan(100_000), "the head only");
        Assert.That(world.Source.OpenedAt, Has.Count.EqualTo(1), "the server is not asked again");
    }

    [Test]
    public async Task Completed_image_of_a_URL_with_a_query_is_known_though_the_query_is_not_kept()
    {
        const string Url = World.Url + "?file=1&token=s3cret";
        var world = new World(500_000);
        await world.KeepAsync(url: Url);
        var record = await world.WaitForAsync(DownloadState.Completed);

        Assert.That((await world.KeepAsync(url: Url)).IsKept);
        Assert.That(() => world.KeepAsync(url: Url.Replace('1', '2')), Refused("it is from https://host/path/image.iso?…, not from", "(another query)"));
        Assert.That(record.RequestedUrl, Does.Not.Contain("s3cret"));
    }

    [Test]
    public async Task Image_of_another_URL_is_refused_and_both_are_named()
    {
        var world = await CompletedAsync();

        Assert.That(() => world.KeepAsync(url: "https://other/b.iso"), Refused($"it is from {World.Url}, not from https://other/b.iso"));
    }

    [Test]
    public async Task Image_of_another_URL_is_kept_where_its_content_has_the_checksum()
    {
        var world = await CompletedAsync();

        var kept = await world.KeepAsync(checksum: Checksum(world, "sha256"), url: "https://other/b.iso");

        Assert.That(kept, Has.Property("IsKept").True.And.Property("Download").Null);
        Assert.That(() => world.KeepAsync(checksum: OtherChecksum), Refused($"its content (500000 bytes) is {Checksum(world, "sha256")}, not {OtherChecksum}"));
    }

    [Test]
    public async Task Volume_that_no_record_tells_of_is_kept_by_its_content_alone()
    {
        var world = await CompletedAsync();
        world.Store.RemoveEnded(Volume);

        Assert.That(() => world.KeepAsync(), Refused("no record tells"));
        Assert.That((await world.KeepAsync(checksum: Checksum(world, "sha512"))).IsKept);
    }

    [TestCase(null)]
    [TestCase("sha256")]
    public async Task Volume_put_in_the_place_of_the_image_is_refused(string? kind)
    {
        var world = await CompletedAsync(kind);
        world.Pools.Remove("a.iso");
        world.Pools.AddForeign("a.iso", world.Content.Length);

        Assert.That(() => world.KeepAsync(), Refused(kind is null ? "another in its place; a checksum would tell" : "its content (500000 bytes) is"));
    }

    [TestCase(null)]
    [TestCase("sha256")]
    public async Task Image_that_somebody_has_written_to_is_refused(string? kind)
    {
        var world = await CompletedAsync(kind);
        world.Pools["a.iso"].WriteByOthers(300_000, 1, 2, 3);

        Assert.That(() => world.KeepAsync(), Refused(kind is null ? "somebody has written to it" : "its content (500000 bytes) is"));
    }

    [Test]
    public async Task Image_whose_file_was_touched_is_kept_where_its_content_is_the_same()
    {
        var world = await CompletedAsync("sha256");
        world.Pools["a.iso"].WriteByOthers(300_000, world.Content[300_000]);

        Assert.That((await world.KeepAsync()).IsKept);
    }

    [TestCase("5-3-10", "5-3-10", true)]
    [TestCase("5-3-10", "9-3-10", true)]
    [TestCase("5-3-10", "9-4-10", false)]
    [TestCase("5-3-10", "9-3-11", false)]
    [TestCase("5", "9", false)]
    public void Owner_of_a_file_can_change_and_its_content_not(string one, string other, bool isSame) =>
        Assert.That(FileStamp.IsOfSameContent(one, other), Is.EqualTo(isSame));

    [Test]
    public async Task Image_whose_file_nobody_sees_is_kept_by_its_content_alone()
    {
        var world = await CompletedAsync();
        world.Pools["a.iso"].IsSeen = false;

        Assert.That(() => world.KeepAsync(), Refused("nothing tells"));
        Assert.That((await world.KeepAsync(checksum: Checksum(world, "sha256"))).IsKept);
    }

    [Test]
    public async Task Same_download_in_progress_is_kept_and_another_is_refused()
    {
        var world = new World(500_000);
        var gate = await world.StartHeldAsync(200_000);

        var kept = await world.KeepAsync();

        Assert.That(kept.IsKept);
        Assert.That(kept.Download!.Record.State, Is.EqualTo(DownloadState.Running));
        Assert.That(() => world.KeepAsync(url: "https://other/b.iso"), Refused("of its download, it is from"));
        Assert.That(() => world.KeepAsync(checksum: OtherChecksum), Refused("it is not compared with a checksum"));
        gate.Open();
        await world.WaitForAsync(DownloadState.Completed);
    }

    [Test]
    public async Task Paused_download_stays_paused()
    {
        var world = new World(500_000);
        await world.StartHeldAsync(200_000);
        await world.PauseAsync();

        Assert.That((await world.KeepAsync()).Download!.Record.State, Is.EqualTo(DownloadState.Paused));
    }

    [Test]
    public async Task Failed_download_goes_on()
    {
        var world = new World(500_000);
        world.Source.BeforeRead = (at, _) => at < 200_000 ? Task.CompletedTask : throw new DownloadException(DownloadErrorKind.RemoteUnreadable, "gone");
        await world.StartAsync();
        await world.WaitForAsync(DownloadState.Failed);
        world.Source.BeforeRead = (_, _) => Task.CompletedTask;

        Assert.That((await world.KeepAsync()).IsKept, Is.False);
        await world.WaitForAsync(DownloadState.Completed);
    }

    [Test]
    public async Task Starts_at_the_same_time_share_one_download()
    {
        var world = new World(500_000);
        var created = new TaskCompletionSource();
        var creating = new TaskCompletionSource();
        world.Pools.BeforeCreate = () =>
        {
            creating.TrySetResult();
            return created.Task;
        };
        var first = world.KeepAsync();
        await creating.Task;
        var second = world.KeepAsync();
        created.SetResult();

        Assert.That(new[] { (await first).IsKept, (await second).IsKept }, Is.EqualTo(new[] { false, true }));
        Assert.That((await first).Download!.Record.Id, Is.EqualTo((await second).Download!.Record.Id));
        await world.WaitForAsync(DownloadState.Completed);
    }

    [Test]
    public async Task Without_a_name_the_file_has_its_own_and_no_number()
    {
        var world = new World(500_000);
        var first = await world.KeepAsync(name: null);
        await world.WaitForAsync(DownloadState.Completed, "image.iso");

        var second = await world.KeepAsync(name: null);

        Assert.That(new[] { first.Volume.Name, second.Volume.Name }, Is.All.EqualTo("image.iso"));
        Assert.That(second.IsKept);
        Assert.That(world.Source.OpenFiles, Is.Zero);
    }

    // Who is checked has no say in the check, also where the name of the volume is the server's.
    [Test]
    public void Entry_of_a_list_is_not_chosen_by_the_name_that_the_server_gives()
    {
        const string List = "https://host/SHA256SUMS";
        var world = new World(500_000);
        world.Source.Names = ["evil.iso"];
        world.Source.Elsewhere[List] = (System.Text.Encoding.ASCII.GetBytes($"{OtherChecksum[7..]}  evil.iso\n{OtherChecksum[7..]}  x.iso\n"), (string?)null);

        Assert.That(
            () => world.Commands.KeepAsync(new StartRequest("ISO", World.Url, null, null, ChecksumUrl: List), CancellationToken.None),
            Throws.TypeOf<DownloadException>().With.Property("Kind").EqualTo(DownloadErrorKind.ChecksumInvalid));
    }

    [Test]
    public async Task Client_that_goes_away_ends_the_reading()
    {
        var world = await CompletedAsync();
        world.Store.RemoveEnded(Volume);
        using var gone = new CancellationTokenSource();
        var volume = world.Pools["a.iso"];
        var reads = 0;
        volume.OnRead = () =>
        {
            if (++reads == 2) gone.Cancel();
        };

        Assert.That(() => world.KeepAsync(checksum: Checksum(world, "sha256"), stop: gone.Token), Throws.InstanceOf<OperationCanceledException>());
    }

    [Test]
    public void Volume_that_another_host_fills_is_told()
    {
        var world = new World(500_000);
        world.Pools.AddForeign("a.iso", 500_000);
        new VolumeToken(Guid.NewGuid(), "elsewhere", Guid.NewGuid(), 7).ToBytes().CopyTo(world.Pools["a.iso"].Bytes, 0);

        Assert.That(() => world.KeepAsync(checksum: OtherChecksum), Refused("in progress of the host 'elsewhere'"));
    }

    [TestCase("http://host/a?x", "http://host/a?y")]
    [TestCase("ftp://host/a?x", "ftp://host/a?y")]
    [TestCase("http://host/a", "https://host/a")]
    [TestCase("http://host/a", "http://host:81/a")]
    [TestCase("http://host/a", "http://host/A")]
    public void Mark_tells_URLs_apart(string one, string other)
    {
        var key = Guid.NewGuid();
        var mark = UrlMark.Of(RemoteUrl.Parse(one), key);

        Assert.That(UrlMark.Of(RemoteUrl.Parse(other), key), Is.Not.EqualTo(mark));
        Assert.That(UrlMark.Of(RemoteUrl.Parse(one), key), Is.EqualTo(mark));
    }

    private static async Task<World> CompletedAsync(string? kind = null)
    {
        var world = new World(500_000);
        await world.StartAsync(checksum: Checksum(world, kind));
        await world.WaitForAsync(DownloadState.Completed);
        return world;
    }

    private static string? Checksum(World world, string? kind) => kind switch
    {
        null => null,
        "sha512" => $"sha512:{Convert.ToHexStringLower(SHA512.HashData(world.Content))}",
        _ => $"sha256:{Convert.ToHexStringLower(SHA256.HashData(world.Content))}",
    };

    private static NUnit.Framework.Constraints.IResolveConstraint Refused(params string[] words) => Throws.TypeOf<DownloadException>()
        .With.Property("Kind").EqualTo(DownloadErrorKind.NameInUse)
        .And.Message.Matches<string>(message => words.All(word => message!.Contains(word, StringComparison.Ordinal)));
}
