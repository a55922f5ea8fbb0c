using Kimchi.Isod.Api;
using Kimchi.Isod.Contracts;
using Kimchi.Isod.Core.Checksums;
using Kimchi.Isod.Core.Downloads;
using Kimchi.Isod.Core.Remote;
using Kimchi.Isod.Core.Signatures;
using Kimchi.Isod.Core.State;
using Kimchi.Isod.Core.Volumes;
using DownloadSource = Kimchi.Isod.Contracts.DownloadSource;

namespace Kimchi.Isod.Tests;

/// <summary>A download in the words of the API.</summary>
public sealed class DownloadViewTests
{
    private static readonly DownloadRecord Record = new()
    {
        Volume = new VolumeId("ISO", "a.iso"),
        Url = RemoteUrl.Parse("http://host/a.iso"),
        Version = new Validator(null, null, 1000),
        CreatedAt = DateTimeOffset.UnixEpoch,
        Connections = 16,
    };

    [Test]
    public void Connections_are_those_in_use_and_not_those_allowed() =>
        Assert.That(DownloadView.Describe(new DownloadSnapshot(Record) { Connections = 3 }).Connections, Is.EqualTo(3));

    [Test]
    public void Ended_download_has_no_connections_and_no_sources_where_nothing_was_noted_of_them()
    {
        var view = DownloadView.Describe(new DownloadSnapshot(Record));

        Assert.That(view.Connections, Is.Zero);
        Assert.That(view.Sources, Is.Empty);
    }

    [Test]
    public void Ended_download_tells_what_was_noted_of_its_sources_without_secrets()
    {
        var view = DownloadView.Describe(new DownloadSnapshot(Record with
        {
            Mirrors = [new Mirror(RemoteUrl.Parse("http://me:s3cret@mirror/a.iso?key=s3cret"), 1, null), new Mirror(RemoteUrl.Parse("http://b/a.iso"), 1, null)],
            Outcomes = [new SourceOutcome(900, SourceStanding.Good, "a reset"), new SourceOutcome(100, SourceStanding.Rejected, "wrong bytes"), SourceOutcome.None],
        }));

        Assert.That(view.Sources, Is.EqualTo(new[]
        {
            new DownloadSource { Url = "http://host/a.iso", Bytes = 900, Status = "standby", Error = "a reset" },
            new DownloadSource { Url = "http://mirror/a.iso?…", Bytes = 100, Status = "failed", Error = "wrong bytes" },
            new DownloadSource { Url = "http://b/a.iso", Status = "standby" },
        }));
    }

    [TestCase(SourceStatus.Standby, "standby")]
    [TestCase(SourceStatus.Active, "active")]
    [TestCase(SourceStatus.Failed, "failed")]
    public void Source_has_all_that_is_known_of_it(SourceStatus status, string word)
    {
        var view = DownloadView.Describe(new DownloadSnapshot(Record) { Sources = [new SourceActivity("http://mirror/a.iso", 20, 5, status, "why")] });

        Assert.That(
            view.Sources,
            Is.EqualTo(new[] { new DownloadSource { Url = "http://mirror/a.iso", Bytes = 20, Speed = 5, Status = word, Error = "why" } }));
    }

    [Test]
    public void Nothing_is_proven_of_an_image_before_it_is_published([Values] DownloadState state)
    {
        var proof = new SignatureProof("ed25519-sha256", new string('A', 40), "Team", DateTimeOffset.UnixEpoch) { ListUrl = "http://host/SUMS" };
        var record = Record with
        {
            State = state,
            Checksum = Checksum.Parse("sha256:" + new string('0', 64)),
            ChecksumList = "http://host/SUMS",
            Proof = proof,
        };

        var verified = DownloadView.Describe(new DownloadSnapshot(record)).Verified;

        Assert.That(verified, Is.EqualTo(state is not DownloadState.Completed ? [] : new[]
        {
            new Verification { Kind = "checksum", Algorithm = "sha256", ListUrl = "http://host/SUMS" },
            new Verification
            {
                Kind = "signature", Algorithm = "ed25519-sha256", Fingerprint = proof.Fingerprint, UserId = "Team", SignedAt = DateTimeOffset.UnixEpoch, ListUrl = "http://host/SUMS",
            },
        }));
    }

    [Test]
    public void Sources_keep_their_order()
    {
        string[] urls = ["http://host/a.iso", "http://b/a.iso", "http://a/a.iso"];

        var view = DownloadView.Describe(
            new DownloadSnapshot(Record) { Sources = [.. urls.Select(url => new SourceActivity(url, 0, 0, SourceStatus.Standby, null))] });

        Assert.That(view.Sources.Select(source => source.Url), Is.EqualTo(urls));
    }
}
