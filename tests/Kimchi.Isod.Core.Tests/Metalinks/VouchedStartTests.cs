using System.Security.Cryptography;
using System.Text;
using Kimchi.Isod.Core.Errors;
using Kimchi.Isod.Core.Remote;
using Kimchi.Isod.Core.Starting;
using Kimchi.Isod.Core.State;
using Kimchi.Isod.Core.Tests.Fakes;

namespace Kimchi.Isod.Core.Tests.Metalinks;

/// <summary>A start whose server names mirrors, a digest or a metalink by itself.</summary>
[FixtureLifeCycle(LifeCycle.InstancePerTestCase)]
public sealed class VouchedStartTests
{
    private const string Link = "https://host/path/image.iso.meta4";
    private const int Size = 500_000;

    private static readonly Mirror Plain = new(RemoteUrl.Parse("http://plain/image.iso"), 1, null);
    private static readonly Mirror Encrypted = new(RemoteUrl.Parse("https://encrypted/image.iso"), 2, "de");

    private readonly World _world = new(Size);

    private string Right => $"sha256:{Convert.ToHexStringLower(SHA256.HashData(_world.Content))}";

    private string Hash => $"<hash type='sha-256'>{Right["sha256:".Length..]}</hash>";

    [Test]
    public async Task Digest_of_the_server_is_the_checksum_and_its_mirrors_are_kept()
    {
        _world.Source.Says = info => info with { Digest = Right, Mirrors = [Plain, Encrypted] };

        var record = await StartAsync();

        Assert.That(record.Checksum!.ToString(), Is.EqualTo(Right));
        Assert.That(record.Mirrors, Is.EqualTo(new[] { Plain, Encrypted }));
        await _world.WaitForAsync(DownloadState.Completed);
    }

    [Test]
    public async Task File_with_another_digest_fails()
    {
        _world.Source.Says = info => info with { Digest = $"sha256:{new string('0', 64)}" };

        await StartAsync();

        Assert.That((await _world.WaitForAsync(DownloadState.Failed)).Failure!.Kind, Is.EqualTo(DownloadErrorKind.ChecksumMismatch));
    }

    [Test]
    public async Task Checksum_of_the_user_counts_before_the_digest()
    {
        _world.Source.Says = info => info with { Digest = $"sha256:{new string('0', 64)}" };

        Assert.That((await StartAsync(Right)).Checksum!.ToString(), Is.EqualTo(Right));
        await _world.WaitForAsync(DownloadState.Completed);
    }

    [Test]
    public async Task Without_a_digest_encrypted_mirrors_only_are_kept()
    {
        _world.Source.Says = info => info with { Mirrors = [Plain, Encrypted] };

        Assert.That((await StartAsync()).Mirrors, Is.EqualTo(new[] { Encrypted }));
    }

    [Test]
    public async Task Metalink_that_the_server_points_to_is_read()
    {
        Vouch($"<size>{Size}</size>{Hash}<pieces type='sha-256' length='{Size}'>{Hash.Replace(" type='sha-256'", "", StringComparison.Ordinal)}</pieces><url>{Plain.Url}</url>");

        var record = await StartAsync();

        Assert.That(record.Checksum!.ToString(), Is.EqualTo(Right));
        Assert.That(record.Pieces!.Count, Is.EqualTo(1));
        Assert.That(record.Mirrors.Single().Url.ToString(), Is.EqualTo(Plain.Url.ToString()));
        await _world.WaitForAsync(DownloadState.Completed);
        Assert.That(_world.Source.OpenFiles, Is.Zero);
    }

    [TestCase("<size>7</size><url>https://m/image.iso</url>")]
    [TestCase("<size>no number</size>")]
    [TestCase("<hash type='sha-256'>0000000000000000000000000000000000000000000000000000000000000000</hash>")]
    public async Task Metalink_that_does_not_fit_is_passed_by(string content)
    {
        Vouch(content, Right);

        var record = await StartAsync();

        Assert.That(record.Checksum!.ToString(), Is.EqualTo(Right), "of the reply");
        Assert.That(record.Mirrors, Is.Empty);
        await _world.WaitForAsync(DownloadState.Completed);
        Assert.That(_world.Source.OpenFiles, Is.Zero);
    }

    [Test]
    public async Task Metalink_that_cannot_be_had_is_passed_by()
    {
        Vouch("");
        _world.Source.Elsewhere[Link] = new DownloadException(DownloadErrorKind.RemoteUnreadable, "404");

        Assert.That((await StartAsync()).Checksum, Is.Null);
        await _world.WaitForAsync(DownloadState.Completed);
    }

    [Test]
    public async Task Metalink_that_contradicts_the_user_is_passed_by()
    {
        Vouch($"<size>{Size}</size><hash type='sha-256'>{new string('0', 64)}</hash><pieces type='md5' length='{Size}'><hash>{MetalinkSamples.Md5}</hash></pieces>");

        var record = await StartAsync(Right);

        Assert.That(record.Checksum!.ToString(), Is.EqualTo(Right));
        Assert.That(record.Pieces, Is.Null);
        await _world.WaitForAsync(DownloadState.Completed);
    }

    [Test]
    public async Task Word_of_a_mirror_counts_for_nothing()
    {
        _world.Source.Says = info => info with { Digest = Right, Mirrors = [Plain, Encrypted], MetalinkUrl = RemoteUrl.Parse(Link) };
        _world.Source.Elsewhere[World.Url] = new DownloadException(DownloadErrorKind.RemoteUnreadable, "404");

        var record = await _world.Commands.StartAsync(new StartRequest("ISO", World.Url, "a.iso", null) { Mirrors = ["https://mirror/image.iso"] }, CancellationToken.None);

        Assert.That(record.Url.ToString(), Is.EqualTo("https://mirror/image.iso"));
        Assert.That(record.Checksum, Is.Null);
        Assert.That(record.Mirrors.Select(m => m.Url.ToString()), Is.EqualTo(new[] { World.Url }));
    }

    private Task<DownloadRecord> StartAsync(string? checksum = null) => _world.StartAsync(checksum: checksum);

    private void Vouch(string content, string? digest = null)
    {
        _world.Source.Elsewhere[Link] = (Encoding.UTF8.GetBytes(MetalinkSamples.Of(content, "image.iso")), (string?)"application/metalink4+xml");
        _world.Source.Says = info => info with { MetalinkUrl = RemoteUrl.Parse(Link), Digest = digest };
    }
}
