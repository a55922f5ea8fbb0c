using Kimchi.Isod.Core.Segments;
using Microsoft.Extensions.Time.Testing;

namespace Kimchi.Isod.Core.Tests.Segments;

public sealed class HostConnectionsTests
{
    private readonly FakeTimeProvider _time = new();

    [Test]
    public void Limit_is_that_of_all_downloads_of_one_server()
    {
        var hosts = new HostConnections(3, _time);
        using var first = hosts.Count("a");
        using var second = hosts.Count("a");

        Assert.That(hosts.TryAdd("a"));
        Assert.That(hosts.TryAdd("a"), Is.False);
        Assert.That(hosts.HasRoom("b"));
        hosts.Remove("a");
        Assert.That(hosts.HasRoom("a"));
    }

    [Test]
    public void First_connection_of_a_download_is_never_refused()
    {
        var hosts = new HostConnections(1, _time);

        using var first = hosts.Count("a");
        using var second = hosts.Count("A");

        Assert.That(hosts.TryAdd("a"), Is.False);
    }

    [Test]
    public void Server_that_refused_one_is_given_fewer_for_an_hour()
    {
        var hosts = new HostConnections(8, _time);
        using (hosts.Count("a"))
        {
            Assert.That(hosts.TryAdd("a") && hosts.TryAdd("a"));
            Assert.That(hosts.NoteRefused("a"), Is.EqualTo(2));
            hosts.Remove("a");
            Assert.That(hosts.TryAdd("a"), Is.False);
            hosts.Remove("a");
        }

        using var later = hosts.Count("a");
        Assert.That(hosts.TryAdd("a"));
        Assert.That(hosts.TryAdd("a"), Is.False, "also the next download");
        _time.Advance(TimeSpan.FromHours(1));
        Assert.That(hosts.TryAdd("a"));
    }
}
