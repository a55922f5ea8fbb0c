using System.Security.Cryptography;
using System.Text;
using Kimchi.Isod.Core.Errors;
using Kimchi.Isod.Core.Remote;
using Kimchi.Isod.Core.Starting;
using Kimchi.Isod.Core.State;
using Kimchi.Isod.Core.Tests.Fakes;
using Kimchi.Isod.Core.Volumes;

namespace Kimchi.Isod.Core.Tests;

/// <summary>Sources that send wrong bytes: only what is wrong, or may be, is fetched again, and who has sent it is named.</summary>
[FixtureLifeCycle(LifeCycle.InstancePerTestCase)]
public sealed class RepairTests
{
    private const string First = "https://one/image.iso";
    private const string Second = "https://two/image.iso";
    private const string Link = "https://links/image.iso.meta4";
    private const int Size = 3_500_000;
    private const int Piece = 1 << 18;

    private readonly World _world = new(Size);

    private byte[] Right => _world.Content;

    private string Sha256 => "sha256:" + Convert.ToHexStringLower(SHA256.HashData(Right));

    [TestCase(2_000_000)]
    [TestCase(0)]
    [TestCase(65_535)]
    [TestCase(65_536)]
    [TestCase(Size - 1)]
    public async Task Wrong_piece_is_fetched_again_from_another_source_and_nothing_else(int at)
    {
        _world.Source.Content = Spoilt(at);
        PutMetalink();

        var ended = await CompleteAsync(new StartRequest("ISO", World.Url, "a.iso", null) { MetalinkUrl = Link, Mirrors = [First] });

        var start = at / Piece * Piece;
        Assert.That(Asked(First).Select(r => (r.SourceOffset, r.SourceEnd)), Is.EqualTo(new[] { ((long)start, start + Piece < Size ? start + Piece : default(long?)) }));
        Assert.That(_world.Source.OpenedAt, Is.EqualTo(new[] { 0L }), "the one that has sent it is not asked again");
        Assert.That(ended.Outcomes.Select(o => o.Standing), Is.EqualTo(new[] { SourceStanding.Rejected, SourceStanding.Good }));
        Assert.That(ended.Outcomes[0].Error, Is.EqualTo($"the piece at byte {start} is not what the metalink says"));
        Assert.That(ended.Outcomes[0].Bytes, Is.EqualTo(Size));
    }

    [Test]
    public async Task Only_source_is_asked_once_more_for_a_wrong_piece()
    {
        var spoilt = Spoilt(2_000_000);
        _world.Source.Content = spoilt;
        PutMetalink();
        _world.Source.BeforeRead = (at, _) =>
        {
            // What it sends is spoilt once.
            if (at > 3_000_000) Right.CopyTo(spoilt, 0);
            return Task.CompletedTask;
        };

        await CompleteAsync(new StartRequest("ISO", World.Url, "a.iso", null) { MetalinkUrl = Link });

        Assert.That(_world.Source.OpenedAt, Is.EqualTo(new[] { 0L, 2_000_000 / Piece * Piece }));
    }

    [Test]
    public async Task Only_source_that_sends_a_wrong_piece_again_is_given_up()
    {
        _world.Source.Content = Spoilt(2_000_000);
        PutMetalink();

        await FailAsync(new StartRequest("ISO", World.Url, "a.iso", null) { MetalinkUrl = Link });

        Assert.That(_world.Source.OpenedAt, Has.Count.EqualTo(2));
    }

    [TestCase(0)]
    [TestCase(2_000_000)]
    [TestCase(Size - 1)]
    public async Task Without_hashes_of_pieces_another_source_is_asked_and_the_checksum_tells_who_was_wrong(int at)
    {
        _world.Source.Content = Spoilt(at);

        var ended = await CompleteAsync(Request(First));

        Assert.That(Asked(First), Has.Count.EqualTo(1));
        Assert.That(ended.Outcomes.Select(o => o.Standing), Is.EqualTo(new[] { SourceStanding.Rejected, SourceStanding.Good }));
        Assert.That(ended.Outcomes[0].Error, Does.Contain($"from byte {at >> 20 << 20} on").And.Contain(First));
    }

    [Test]
    public async Task What_a_mirror_has_brought_is_suspected_first()
    {
        _world.Source.Elsewhere[First] = (Spoilt(2_500_000), (string?)null);
        await StartUntilMirrorTakesOverAsync(at: 2_000_000);

        var ended = await _world.WaitForAsync(DownloadState.Completed);

        AssertRight();
        Assert.That(ended.Outcomes.Select(o => o.Standing), Is.EqualTo(new[] { SourceStanding.Good, SourceStanding.Rejected }));
        Assert.That(_world.Source.OpenedAt, Has.Count.EqualTo(2), "once at the start, and once in the mirror's place");
        Assert.That(_world.Source.OpenedAt[1], Is.InRange(1_900_000, 2_100_000), "what it has brought itself is not in doubt yet");
    }

    [Test]
    public async Task Source_whose_bytes_another_one_sends_alike_is_cleared()
    {
        _world.Source.Content = Spoilt(1_000_000);
        _world.Source.Elsewhere[First] = (Right, (string?)null);
        await StartUntilMirrorTakesOverAsync(at: 2_000_000);

        var ended = await _world.WaitForAsync(DownloadState.Completed);

        AssertRight();
        Assert.That(ended.Outcomes.Select(o => o.Standing), Is.EqualTo(new[] { SourceStanding.Rejected, SourceStanding.Good }));
        Assert.That(Asked(First).Select(r => r.SourceEnd).OfType<long>(), Has.Some.InRange(1_900_000, 2_100_000), "what both send alike is not fetched a third time");
    }

    [TestCase(Size - 1_500_000)]
    [TestCase(Size + 1_000_000)]
    public async Task Address_that_has_a_file_of_another_size_gives_way_to_a_mirror_whose_checksum_is_right(int size)
    {
        var other = new byte[size];
        Right.AsSpan(0, Math.Min(size, Size)).CopyTo(other);
        other[100] ^= 0xff;
        _world.Source.Content = other;

        var ended = await CompleteAsync(Request(First));

        Assert.That(ended.Outcomes[0].Standing, Is.EqualTo(SourceStanding.Rejected));
    }

    [Test]
    public async Task Sources_that_send_the_same_are_told_as_the_reason()
    {
        _world.Source.Content = Spoilt(1_000_000);
        _world.Source.Elsewhere[First] = (_world.Source.Content, (string?)null);

        var failed = await FailAsync(Request(First));

        Assert.That(failed.Failure!.Reason, Does.Contain("another source has sent the same bytes"));
        Assert.That(Asked(First), Has.Count.EqualTo(1), "once");
        Assert.That(failed.Outcomes.Select(o => o.Standing), Is.All.EqualTo(SourceStanding.Good), "nobody is known to be wrong");
    }

    [Test]
    public async Task Sources_that_contradict_each_other_and_are_both_wrong_are_told_as_the_reason()
    {
        _world.Source.Content = Spoilt(1_000_000);
        _world.Source.Elsewhere[First] = (Spoilt(2_000_000), (string?)null);

        var failed = await FailAsync(Request(First));

        Assert.That(failed.Failure!.Reason, Does.Contain($"{World.Url} and {First} do not send the same, from byte {1_000_000 >> 20 << 20} on, and neither is right"));
    }

    [Test]
    public async Task Mirror_of_another_size_takes_nothing_away_and_the_next_one_is_asked()
    {
        _world.Source.Elsewhere[First] = (new byte[Size / 2], (string?)null);
        _world.Source.Elsewhere[Second] = (Right, (string?)null);
        await StartUntilMirrorTakesOverAsync(at: 2_000_000, First, Second);

        var ended = await _world.WaitForAsync(DownloadState.Completed);

        AssertRight();
        Assert.That(Asked(Second)[0].SourceOffset, Is.InRange(1_900_000, 2_100_000));
        Assert.That(ended.Outcomes[1].Error, Does.Contain($"the file has {Size / 2} bytes there instead of {Size}"));
        Assert.That(ended.Restarts, Is.Zero);
    }

    [Test]
    public async Task Source_that_sent_wrong_bytes_is_not_asked_again_after_a_restart_of_the_daemon()
    {
        _world.Source.Content = Spoilt(0);
        PutMetalink();
        _world.Source.Elsewhere[First] = (Right, (string?)null);
        var gate = new Gate(Piece / 2);
        _world.Source.BeforeRead = (at, stop) => Asked(First).Count > 0 ? gate.PassAsync(at, stop) : Task.CompletedTask;
        await _world.Commands.StartAsync(new StartRequest("ISO", World.Url, "a.iso", null) { MetalinkUrl = Link, Mirrors = [First] }, CancellationToken.None);
        await gate.Reached;
        await _world.PauseAsync();
        Assert.That(_world.Store.FindNewest(new VolumeId("ISO", "a.iso"))!.Outcomes[0].Standing, Is.EqualTo(SourceStanding.Rejected));

        var after = new World(Size, store: _world.Store, pools: _world.Pools);
        after.Source.Elsewhere[First] = (Right, (string?)null);
        await after.Recovery.StartingAsync(CancellationToken.None);
        await after.ResumeAsync();
        await after.WaitForAsync(DownloadState.Completed);

        Assert.That(after.Source.Requests.Select(r => r.Url.ToString()), Is.All.EqualTo(First));
        AssertRight();
    }

    [Test]
    public async Task Download_that_a_mirror_has_begun_goes_on_at_the_URL_after_a_restart_though_that_has_another_version()
    {
        _world.Source.Elsewhere[First] = (Right, (string?)null);
        var gate = new Gate(2_000_000);
        _world.Source.BeforeRead = (position, stop) => Asked(First).Count > 0
            ? gate.PassAsync(position, stop)
            : throw new DownloadException(DownloadErrorKind.RemoteUnreadable, "it is gone");
        await _world.Commands.StartAsync(Request(First), CancellationToken.None);
        await gate.Reached;
        await _world.Recovery.StoppingAsync(CancellationToken.None);
        var stored = _world.Store.FindNewest(new VolumeId("ISO", "a.iso"))!;
        Assert.That((stored.Version.ETag, stored.Outcomes[1].IsOfVersion), Is.EqualTo((default(string?), true)));

        var after = new World(Size, store: _world.Store, pools: _world.Pools);
        await after.Recovery.StartingAsync(CancellationToken.None);
        await after.WaitForAsync(DownloadState.Completed);

        Assert.That(after.Source.Requests.Select(r => r.SourceOffset), Is.EqualTo(new[] { stored.ImagePosition }));
        Assert.That(after.Pools["a.iso"].Bytes.AsSpan().SequenceEqual(Right));
    }

    [Test]
    public async Task Only_source_that_is_rejected_is_asked_again_when_the_user_retries()
    {
        _world.Source.Content = Spoilt(2_000_000);
        PutMetalink();
        await FailAsync(new StartRequest("ISO", World.Url, "a.iso", null) { MetalinkUrl = Link });
        Assert.That(_world.Store.FindNewest(new VolumeId("ISO", "a.iso"))!.Outcomes[0].Standing, Is.EqualTo(SourceStanding.Rejected));
        _world.Source.Content = Right;

        await _world.RetryAsync();

        Assert.That((await _world.WaitForAsync(DownloadState.Completed)).Outcomes[0].Standing, Is.EqualTo(SourceStanding.Good));
        AssertRight();
    }

    private async Task StartUntilMirrorTakesOverAsync(long at, params string[] mirrors)
    {
        var isBroken = false;
        _world.Source.BeforeRead = (position, _) =>
        {
            if (position < at || isBroken) return Task.CompletedTask;
            isBroken = true;
            throw new DownloadException(DownloadErrorKind.RemoteUnreadable, "it is gone");
        };
        await _world.Commands.StartAsync(Request(mirrors.Length > 0 ? mirrors : [First]), CancellationToken.None);
    }

    private async Task<DownloadRecord> CompleteAsync(StartRequest request)
    {
        foreach (var mirror in request.Mirrors) _world.Source.Elsewhere.TryAdd(mirror!, (Right, (string?)null));
        await _world.Commands.StartAsync(request, CancellationToken.None);
        var ended = await _world.WaitForAsync(DownloadState.Completed);
        AssertRight();
        return ended;
    }

    private async Task<DownloadRecord> FailAsync(StartRequest request)
    {
        await _world.Commands.StartAsync(request, CancellationToken.None);
        var failed = await _world.WaitForAsync(DownloadState.Failed);
        Assert.That(failed.Failure!.Kind, Is.EqualTo(DownloadErrorKind.ChecksumMismatch));
        return failed;
    }

    private void AssertRight()
    {
        Assert.That(_world.Pools["a.iso"].Bytes.AsSpan().SequenceEqual(Right));
        Assert.That(_world.Source.OpenFiles, Is.Zero);
    }

    private StartRequest Request(params string[] mirrors) => new("ISO", World.Url, "a.iso", null, Sha256) { Mirrors = mirrors };

    private List<RemoteRequest> Asked(string url) => [.. _world.Source.Requests.Where(r => r.Url.ToString() == url)];

    private byte[] Spoilt(int at)
    {
        var bytes = Right.ToArray();
        bytes[at] ^= 0xff;
        return bytes;
    }

    private void PutMetalink()
    {
        var pieces = string.Concat(Right.Chunk(Piece).Select(piece => $"<hash>{Convert.ToHexStringLower(SHA256.HashData(piece))}</hash>"));
        var text = $"<metalink xmlns='urn:ietf:params:xml:ns:metalink'><file name='image.iso'><size>{Size}</size><hash type='sha-256'>{Sha256[7..]}</hash>" +
            $"<pieces type='sha-256' length='{Piece}'>{pieces}</pieces><url>{World.Url}</url></file></metalink>";
        _world.Source.Elsewhere[Link] = (Encoding.UTF8.GetBytes(text), (string?)"application/metalink4+xml");
    }
}
