using Kimchi.Isod.Core.Downloads;
using Kimchi.Isod.Core.Remote;
using Kimchi.Isod.Core.State;
using Kimchi.Isod.Core.Volumes;
using Kimchi.Isod.Systemd;

namespace Kimchi.Isod.Tests.Systemd;

/// <summary>The line of systemctl status.</summary>
public sealed class ServiceStatusTests
{
    [Test]
    public void Nothing_to_do_is_idle() => Assert.That(ServiceStatus.Describe([]), Is.EqualTo("idle"));

    [Test]
    public void Running_ones_have_names_and_percentages_and_the_others_are_counted() => Assert.That(
        ServiceStatus.Describe([New("a", DownloadState.Running), New("b", DownloadState.Running, size: null), New("c", DownloadState.Queued), New("d", DownloadState.Paused)]),
        Is.EqualTo("2 downloading (a 25 %, b), 1 queued, 1 paused"));

    [Test]
    public void Many_are_not_all_named() => Assert.That(
        ServiceStatus.Describe([.. Enumerable.Range(0, 9).Select(n => New($"{n}", DownloadState.Running))]),
        Is.EqualTo("9 downloading (0 25 %, 1 25 %, 2 25 %, 3 25 %, …)"));

    private static DownloadSnapshot New(string name, DownloadState state, long? size = 400) => new(new DownloadRecord
    {
        Volume = new VolumeId("ISO", name),
        State = state,
        Url = RemoteUrl.Parse("http://host/a.iso"),
        Version = new Validator(null, null, size),
        Stored = StoredRanges.UpTo(100),
        CreatedAt = DateTimeOffset.UnixEpoch,
    });
}
