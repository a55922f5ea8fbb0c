using Kimchi.Isod.Core.Checksums;
using Kimchi.Isod.Core.Metalinks;
using Kimchi.Isod.Core.Remote;
using Kimchi.Isod.Core.State;
using Kimchi.Isod.Core.Volumes;
using Kimchi.Isod.Storage.State;

namespace Kimchi.Isod.Storage.Tests;

/// <summary>Where a download's file is, too, and what its pieces hash to: kept as long as it lives.</summary>
public sealed class MirrorStoreTests : StateTest
{
    private static readonly Dictionary<string, string?> Headers = new() { ["Authorization"] = "Bearer: s3cret: x", ["X-Empty"] = "" };
    private static readonly byte[] Hashes = [.. Enumerable.Range(0, 40).Select(i => (byte)i)];

    [Test]
    public void Mirrors_pieces_and_connections_are_still_there_at_the_next_start()
    {
        using (var store = Open())
        {
            var record = store.Add(WithMirrors(Sample()));
            store.Update(record with { State = DownloadState.Paused });
            store.Restart(record with { State = DownloadState.Paused, Restarts = 1 });
        }

        using var again = Open();
        AssertMirrors(again.LoadLive().Single());
    }

    [Test]
    public void Ended_download_keeps_its_mirrors_without_secrets_and_no_pieces()
    {
        using var store = Open();
        var record = store.Add(WithMirrors(Sample()));

        store.Update(record with { State = DownloadState.Completed });

        var ended = store.FindNewest(new VolumeId("ISO", "a.iso"))!;
        Assert.That(ended.Mirrors.Select(m => m.Url.ToString()), Is.EqualTo(new[] { "https://one/a.iso?…", "ftp://two:2121/dir/a.iso" }));
        Assert.That(Store.Query("SELECT group_concat(mirrors) FROM downloads"), Does.Not.Contain("s3cret").And.Not.Contain("user"));
        Assert.That(Store.Query("SELECT group_concat(headers) FROM downloads"), Is.EqualTo(DBNull.Value));
        Assert.That(Store.Query("SELECT count(*) FROM pieces"), Is.Zero);
        Assert.That(ended.Connections, Is.EqualTo(8));
    }

    [Test]
    public void What_is_known_of_the_sources_is_kept_beyond_the_end()
    {
        SourceOutcome[] outcomes = [new(7_000_000_000, SourceStanding.Good, null), new(0, SourceStanding.Failed, "404: é\n%20"), new(5, SourceStanding.Rejected, "") { IsOfVersion = true }];
        using (var store = Open())
        {
            var record = store.Add(WithMirrors(Sample()));
            store.Update(record with { State = DownloadState.Paused, Outcomes = outcomes });
        }

        using var again = Open();
        var live = again.LoadLive().Single();
        Assert.That(live.Outcomes, Is.EqualTo(outcomes));
        again.Update(live with { State = DownloadState.Completed });
        Assert.That(again.FindNewest(live.Volume)!.Outcomes, Is.EqualTo(outcomes));
    }

    [Test]
    public void Pieces_go_with_the_start_that_they_are_of()
    {
        using var store = Open();
        store.Add(WithMirrors(Sample()) with { State = DownloadState.Preparing });
        Assert.That(Store.Query("SELECT count(*) FROM pieces"), Is.EqualTo(1));

        var next = store.Add(Sample() with { State = DownloadState.Preparing });

        Assert.That(Store.Query("SELECT count(*) FROM pieces"), Is.Zero, "of the start that was cut off");
        Assert.That(store.LoadLive().Single().Pieces, Is.Null);
        store.Remove(next.Id);
        Assert.That(store.LoadLive(), Is.Empty);
    }

    internal static DownloadRecord WithMirrors(DownloadRecord record) => record with
    {
        Mirrors =
        [
            new Mirror(RemoteUrl.Parse("https://one/a.iso?key=s3cret"), 1, "de") { MostConnections = 3 },
            new Mirror(RemoteUrl.Parse("ftp://two:2121/dir/a.iso").WithCredentials(new Credentials("a user", "s3cret\n%20 é")), 999_999, null),
        ],
        Pieces = new PieceHashes(ChecksumAlgorithm.Sha1, 4 << 20, Hashes),
        Connections = 8,
        UrlConnections = 2,
        RequestedUrl = "https://host/a.iso?… 0123",
        Headers = OriginHeaders.Read(RemoteUrl.Parse("https://host:8443/a.iso"), Headers),
    };

    internal static void AssertMirrors(DownloadRecord record)
    {
        Assert.That(
            record.Mirrors.Select(m => (m.Url.Uri.AbsoluteUri, m.Url.Credentials, m.Priority, m.Location)),
            Is.EqualTo(new[]
            {
                ("https://one/a.iso?key=s3cret", (Credentials?)null, 1, "de"),
                ("ftp://two:2121/dir/a.iso", new Credentials("a user", "s3cret\n%20 é"), 999_999, null),
            }));
        Assert.That(record.Pieces!.Algorithm, Is.EqualTo(ChecksumAlgorithm.Sha1));
        Assert.That(record.Pieces.Length, Is.EqualTo(4 << 20));
        Assert.That(record.Pieces.Hashes.ToArray(), Is.EqualTo(Hashes));
        Assert.That(record.Connections, Is.EqualTo(8));
        Assert.That(record.UrlConnections, Is.EqualTo(2));
        Assert.That(record.Mirrors.Select(m => m.MostConnections), Is.EqualTo(new int?[] { 3, null }));
        Assert.That(record.RequestedUrl, Is.EqualTo("https://host/a.iso?… 0123"));
        Assert.That(record.Headers!.Origin, Is.EqualTo("https://host:8443"));
        Assert.That(record.Headers.All, Is.EqualTo(new[] { ("Authorization", "Bearer: s3cret: x"), ("X-Empty", "") }));
    }
}
