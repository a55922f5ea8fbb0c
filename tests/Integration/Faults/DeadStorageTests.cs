using System.Net;
using Kimchi.Isod.Fixtures;

namespace Kimchi.Isod.Integration.Tests.Faults;

/// <summary>virtstoraged is restarted behind a virtqemud, which never notices: <see cref="LibvirtRelay"/>.</summary>
public sealed class DeadStorageTests : StorageFaultTest
{
    [Test]
    public async Task Every_command_works_after_a_restart_of_virtstoraged_behind_virtqemud()
    {
        using var relay = new LibvirtRelay(OwnLibvirtd);
        await BeginAsync(("libvirt:uri", relay.Uri));
        void Restart() => relay.LoseStorage(1, 0, "internal error: client socket is closed");

        Restart();
        AssertOk(await Daemon.Client.GetAsync("/healthz"));
        Restart();
        AssertOk(await Daemon.Client.PauseAsync(Name));
        var other = NewName();
        var source = Nginx.AddFile(other, Size);
        Restart();
        AssertOk(await Daemon.Client.StartAsync(Nginx.Url("slow/" + other), other));
        Restart();
        AssertOk(await Daemon.Client.CancelAsync(other));
        Restart();
        AssertOk(await Daemon.Client.ResumeAsync(Name));

        await AssertCompletesAsync();
        AssertNothingStoredWasFetchedAgain();
        await StopDaemons();
        File.Delete(source);
    }

    private static void AssertOk(ApiReply reply) => Assert.That(reply.Status, Is.EqualTo(HttpStatusCode.OK), reply.Body);
}
