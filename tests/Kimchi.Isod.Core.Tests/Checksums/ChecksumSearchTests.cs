using System.Security.Cryptography;
using System.Text;
using Kimchi.Isod.Core.Checksums;
using Kimchi.Isod.Core.Errors;
using Kimchi.Isod.Core.Options;
using Kimchi.Isod.Core.Remote;
using Kimchi.Isod.Core.Starting;
using Kimchi.Isod.Core.State;
using Kimchi.Isod.Core.Tests.Fakes;
using Microsoft.Extensions.Time.Testing;

namespace Kimchi.Isod.Core.Tests.Checksums;

/// <summary>The checksum <c>auto</c>: found at the places where publishers put it.</summary>
public sealed class ChecksumSearchTests
{
    private const string Folder = "https://host/path/";
    private static readonly string[] Names =
    [
        "image.iso.sha512", "image.iso.sha256", "image.iso.sha256sum", "SHA512SUMS", "SHA256SUMS", "sha256sum.txt", "CHECKSUM", "CHECKSUM.SHA256-image",
        "image.iso.DIGESTS", "DIGESTS", "sha256sums.txt", "CHECKSUM.SHA256-image.iso",
    ];

    [Test]
    public void Places_are_asked_in_the_documented_order_and_there_are_a_dozen() =>
        Assert.That(PublishedLists.Beside(RemoteUrl.Parse(World.Url + "?token=x")).Select(p => p.Url.Uri.AbsoluteUri), Is.EqualTo(Names.Select(n => Folder + n)));

    [TestCase("https://h/FreeBSD-14.1-RELEASE-amd64-disc1.iso", "https://h/CHECKSUM.SHA256-FreeBSD-14.1-RELEASE-amd64")]
    [TestCase("https://h/iso/Fedora-Server-dvd-x86_64-41-1.4.iso", "https://h/iso/Fedora-Server-41-1.4-x86_64-CHECKSUM")]
    [TestCase("https://h/Fedora-Cloud-Base-Generic-42-1.1.aarch64.qcow2", "https://h/Fedora-Cloud-42-1.1-aarch64-CHECKSUM")]
    [TestCase("https://h/a%20b%2Fc.iso", "https://h/a%20b%2Fc.iso.sha256")]
    [TestCase("ftp://h/pub/x.iso", "ftp://h/pub/SHA256SUMS")]
    public void Place_of_a_distribution_is_among_them(string file, string list)
    {
        var places = PublishedLists.Beside(RemoteUrl.Parse(file));

        Assert.That(places.Select(p => p.Url.Uri.AbsoluteUri), Has.Member(list));
        Assert.That(places, Has.Count.EqualTo(12));
    }

    [TestCaseSource(nameof(Names))]
    public async Task List_is_found_at_each_of_them_and_the_record_says_where(string list)
    {
        var world = Empty();
        Put(world, list, $"# sums\n{Sha256(world)}  image.iso\n{new string('0', 64)}  other.iso\n");

        var record = await world.StartAsync(checksum: "auto");

        Assert.That(record.Checksum!.ToString(), Is.EqualTo($"sha256:{Sha256(world)}"));
        Assert.That(record.ChecksumSource, Is.EqualTo(Folder + list));
        Assert.That(world.Source.Requests.Count(r => r.Url.Uri.AbsoluteUri != World.Url), Is.EqualTo(Array.IndexOf(Names, list) + 1), "and no further");
        await world.WaitForAsync(DownloadState.Completed);
    }

    // Gentoo's lists have several kinds.
    [Test]
    public async Task Strongest_entry_of_a_list_counts()
    {
        var world = Empty();
        var sha512 = Convert.ToHexStringLower(SHA512.HashData(world.Content));
        Put(world, "image.iso.DIGESTS", $"# SHA256 HASH\n{Sha256(world)}  image.iso\n# SHA512 HASH\n{sha512}  image.iso\n");

        Assert.That((await world.StartAsync(checksum: "auto")).Checksum!.ToString(), Is.EqualTo($"sha512:{sha512}"));
    }

    [Test]
    public async Task Wrong_image_is_not_published()
    {
        var world = Empty();
        Put(world, "SHA256SUMS", $"{new string('0', 64)}  image.iso\n");

        await world.StartAsync(checksum: "auto");

        Assert.That((await world.WaitForAsync(DownloadState.Failed)).Failure!.Kind, Is.EqualTo(DownloadErrorKind.ChecksumMismatch));
    }

    // As servers answer that have a page for everything (an error page with 200), or that have lists of other files.
    [TestCase("CHECKSUM", "<html><body>Not found</body></html>", "it is no list of checksums")]
    [TestCase("CHECKSUM", "Sorry, no such file here.\n", "it is no list of checksums")]
    [TestCase("CHECKSUM", "", "it is no list of checksums")]
    [TestCase("SHA256SUMS", "DIGEST  other.iso\n", "it does not name the file")]
    [TestCase("SHA256SUMS", "DIGEST\n", "it does not name the file")]
    [TestCase("CHECKSUM", "MD5 (image.iso) = 00000000000000000000000000000000\n", "it has no more than md5, which is too weak")]
    [TestCase("SHA256SUMS", "DIGEST  image.iso\n0000000000000000000000000000000000000000000000000000000000000000  image.iso\n", "2 different sha256 entries")]
    public void What_is_no_list_of_the_file_is_told_among_what_was_tried(string list, string text, string why)
    {
        var world = Empty();
        Put(world, list, text.Replace("DIGEST", Sha256(world), StringComparison.Ordinal));

        Assert.That(() => world.StartAsync(checksum: "auto"), NotFound($"not usable: {list}: ", why, "not there: image.iso.sha512, image.iso.sha256, "));
        Assert.That(world.Source.OpenFiles, Is.Zero);
        Assert.That(world.Scheduler.IsAtRest);
    }

    [Test]
    public void Refusal_is_told_apart_from_what_is_not_there_and_the_search_goes_on()
    {
        var world = Empty();
        world.Source.Elsewhere[Folder + "SHA256SUMS"] = new DownloadException(DownloadErrorKind.RemoteUnreadable, "host answered 403 Forbidden");

        Assert.That(() => world.StartAsync(checksum: "auto"), NotFound("not usable: SHA256SUMS: host answered 403 Forbidden", "sha256sums.txt"));

        Put(world, "CHECKSUM", $"SHA256 (image.iso) = {Sha256(world)}\n");
        Assert.That(async () => (await world.StartAsync(checksum: "auto")).ChecksumSource, Is.EqualTo(Folder + "CHECKSUM"));
    }

    [Test]
    public async Task Lone_digest_counts_where_the_list_is_of_that_file()
    {
        var world = Empty();
        Put(world, "image.iso.sha256", Sha256(world));

        Assert.That((await world.StartAsync(checksum: "auto")).ChecksumSource, Is.EqualTo(Folder + "image.iso.sha256"));
    }

    [Test]
    public void List_that_is_too_long_is_none()
    {
        var world = Empty(new DownloadOptions { MinFree = 0, Retries = 0, MaxChecksumFile = 1024 });
        Put(world, "SHA256SUMS", new string('#', 1025));

        Assert.That(() => world.StartAsync(checksum: "auto"), NotFound("SHA256SUMS: it has more than 1024 bytes"));
    }

    [Test]
    public async Task Time_is_bounded()
    {
        var time = new FakeTimeProvider();
        var world = Empty(new DownloadOptions { MinFree = 0, Retries = 0, ChecksumTimeout = TimeSpan.FromSeconds(15) }, time);
        var isSilent = new SemaphoreSlim(0);
        Put(world, "SHA512SUMS", "x");
        Put(world, "SHA256SUMS", "x");
        world.Source.BeforeRead = async (_, stop) =>
        {
            isSilent.Release();
            await Task.Delay(Timeout.InfiniteTimeSpan, stop);
        };

        var start = world.StartAsync(checksum: "auto");
        await isSilent.WaitAsync();
        time.Advance(TimeSpan.FromSeconds(10));
        await isSilent.WaitAsync();
        time.Advance(TimeSpan.FromSeconds(5));

        Assert.That(() => start, NotFound("SHA512SUMS: it did not come within 10 s", "SHA256SUMS: it did not come in time", "sha256sum.txt and the rest: not tried, for 15 s were over"));
        Assert.That(world.Source.OpenFiles, Is.Zero);
    }

    [Test]
    public async Task Client_that_goes_away_ends_the_search()
    {
        using var gone = new CancellationTokenSource();
        var world = Empty();
        Put(world, "SHA512SUMS", "x");
        world.Source.BeforeRead = async (_, stop) =>
        {
            await gone.CancelAsync();
            await Task.Delay(Timeout.InfiniteTimeSpan, stop);
        };

        Assert.That(
            () => world.Commands.StartAsync(new StartRequest("ISO", World.Url, "a.iso", null, "auto"), gone.Token), Throws.InstanceOf<OperationCanceledException>());
        Assert.That(world.Source.Requests, Has.Count.EqualTo(5), "the file, and the places up to the one that was silent");
    }

    [Test]
    public async Task What_the_server_itself_tells_is_found_already()
    {
        var world = Empty();
        world.Source.Says = info => info with { Digest = $"sha256:{Sha256(world)}" };

        var record = await world.StartAsync(checksum: "auto");

        Assert.That(record.ChecksumSource, Does.Contain("the server's reply"));
        Assert.That(world.Source.Requests, Has.Count.EqualTo(1));
    }

    [Test]
    public async Task Probe_tells_what_would_be_found_or_what_was_tried()
    {
        var world = Empty();
        var request = new StartRequest("ISO", World.Url, null, null);

        var none = await world.Commands.ProbeAsync(request, CancellationToken.None);
        Put(world, "SHA256SUMS", $"{Sha256(world)} *image.iso\n");
        var found = await world.Commands.ProbeAsync(request, CancellationToken.None);

        Assert.That((none.FoundChecksum, none.Checksum), Is.EqualTo(((Checksum?)null, (Checksum?)null)));
        Assert.That(none.FoundChecksumSource, Does.Contain("not there: image.iso.sha512"));
        Assert.That(found.FoundChecksum!.Digest, Is.EqualTo(Sha256(world)));
        Assert.That(found.FoundChecksumSource, Is.EqualTo(Folder + "SHA256SUMS"));
        Assert.That(found.Checksum, Is.Null, "a start that names nothing compares with nothing");
    }

    [Test]
    public async Task Kept_image_is_found_by_it()
    {
        var world = Empty();
        Put(world, "SHA256SUMS", $"{Sha256(world)}  image.iso\n");
        await world.KeepAsync(checksum: "auto");
        var record = await world.WaitForAsync(DownloadState.Completed);

        Assert.That((await world.KeepAsync(checksum: "auto")).IsKept);
        Assert.That(record.ChecksumSource, Is.EqualTo(Folder + "SHA256SUMS"));
        Put(world, "SHA256SUMS", $"{new string('0', 64)}  image.iso\n");
        Assert.That(() => world.KeepAsync(checksum: "auto"), Throws.TypeOf<DownloadException>().With.Property("Kind").EqualTo(DownloadErrorKind.NameInUse));
    }

    [Test]
    public void Url_without_a_file_name_has_nothing_beside_it()
    {
        var world = new World(1000);

        Assert.That(
            () => world.Commands.StartAsync(new StartRequest("ISO", "https://host/path/", "a.iso", null, "auto"), CancellationToken.None),
            NotFound("ends in no file name"));
    }

    [Test]
    public void It_excludes_a_list_of_ones_own() => Assert.That(
        () => new World(1000).Commands.StartAsync(new StartRequest("ISO", World.Url, "a.iso", null, "auto", "https://host/x"), CancellationToken.None),
        Throws.TypeOf<DownloadException>().With.Property("Kind").EqualTo(DownloadErrorKind.FieldInvalid));

    private static World Empty(DownloadOptions? options = null, TimeProvider? time = null)
    {
        var world = new World(500_000, options, time: time);
        foreach (var name in Names) world.Source.Elsewhere[Folder + name] = new DownloadException(DownloadErrorKind.RemoteUnreadable, "404").Absent();
        return world;
    }

    private static void Put(World world, string list, string text) => world.Source.Elsewhere[Folder + list] = (Encoding.UTF8.GetBytes(text), (string?)null);

    private static string Sha256(World world) => Convert.ToHexStringLower(SHA256.HashData(world.Content));

    private static NUnit.Framework.Constraints.IResolveConstraint NotFound(params string[] words) => Throws.TypeOf<DownloadException>()
        .With.Property("Kind").EqualTo(DownloadErrorKind.ChecksumNotFound)
        .And.Message.Matches<string>(message => words.All(word => message!.Contains(word, StringComparison.Ordinal)));
}
