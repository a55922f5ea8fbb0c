using System.Globalization;
using System.Text.Json;
using Kimchi.Isod.Fixtures;

namespace Kimchi.Isod.Integration.Tests.Systemd;

/// <summary>The log in a real journal.</summary>
public sealed class JournalTests : IsodTest
{
    [Test]
    public async Task Messages_have_their_priority_and_their_parameters_as_fields()
    {
        using var journal = new PrivateJournal();
        var daemon = Prepare(("log:format", "journal"), ("downloads:retries", "0"));
        daemon.Overlays["/run"] = journal.Run;
        await daemon.StartAsync();
        var (name, broken) = (NewName(), NewName());
        Nginx.AddFile(name, 100_000);
        await daemon.Client.StartAsync(Nginx.Url(name) + "?token=s3cret", name);
        await daemon.Client.WaitUntilCompletedAsync(name);
        await daemon.Client.CallAsync("/pause", new { name = broken });
        await daemon.StopAsync();

        await Patience.UntilAsync(() => Task.FromResult(Find(journal, "320") is not null), () => "the journal has no audited refusal");
        var audited = Find(journal, "321")!.Value;
        Assert.That(Text(audited, "PRIORITY"), Is.EqualTo("6"));
        Assert.That(Text(audited, "ISOD_CALL"), Is.EqualTo("start"));
        Assert.That(Text(audited, "ISOD_NAME"), Is.EqualTo($"'{name}'"));
        Assert.That(Text(audited, "ISOD_POOL"), Is.EqualTo("'ISO'"));
        Assert.That(Text(audited, "ISOD_UID"), Is.EqualTo("0"));
        Assert.That(Text(audited, "ISOD_PID"), Is.EqualTo(Environment.ProcessId.ToString(CultureInfo.InvariantCulture)));
        Assert.That(Text(audited, "ISOD_URL"), Is.EqualTo(Nginx.Url(name) + "?…"));
        Assert.That(Text(audited, "ISOD_OUTCOME"), Is.EqualTo("done"));
        Assert.That(Text(Find(journal, "320")!.Value, "ISOD_OUTCOME"), Does.StartWith("KCHDL0002E: "));
        Assert.That(Text(Find(journal, "102")!.Value, "MESSAGE"), Does.Contain(name).And.Contain("completed"));
        Assert.That(journal.Entries("kimchi-isod").Select(e => Text(e, "MESSAGE")), Has.None.Contain("s3cret"));
        Assert.That(daemon.Log, Is.Empty, "nothing beside the journal");
    }

    private static JsonElement? Find(PrivateJournal journal, string eventId) =>
        journal.Entries("kimchi-isod").Where(entry => Text(entry, "ISOD_EVENT") == eventId).Select(entry => (JsonElement?)entry).FirstOrDefault();

    private static string Text(JsonElement entry, string field) => entry.GetProperty(field).GetString()!;
}
