using System.Text.Json;

namespace Kimchi.Isod.Contracts.Tests;

public sealed class WireTests
{
    [Test]
    public void Status_has_exactly_the_rfcs_keys()
    {
        var reply = new DownloadStatusReply("a.iso", "downloading", 5, 3);

        Assert.That(
            JsonSerializer.Serialize(reply, ApiJson.Wire.DownloadStatusReply),
            Is.EqualTo("""{"name":"a.iso","status":"downloading","total_size":5,"downloaded_size":3}"""));
    }

    [Test]
    public void Unknown_size_is_null_and_not_absent()
    {
        var reply = new DownloadStatusReply("a.iso", "downloading", null, 3);

        Assert.That(JsonSerializer.Serialize(reply, ApiJson.Wire.DownloadStatusReply), Does.Contain("\"total_size\":null"));
    }

    [Test]
    public void Texts_travel_as_people_wrote_them()
    {
        var reply = new ErrorReply("400 Bad Request", "KCHVOL0001E: 'ä日.iso' & <more>");

        Assert.That(
            JsonSerializer.Serialize(reply, ApiJson.Wire.ErrorReply),
            Is.EqualTo("""{"code":"400 Bad Request","reason":"KCHVOL0001E: 'ä日.iso' & <more>"}"""));
    }

    [Test]
    public void Source_without_an_error_has_null_and_not_nothing() =>
        Assert.That(
            JsonSerializer.Serialize(new DownloadSource { Url = "http://h/a", Bytes = 5, Speed = 2, Status = "active" }, ApiJson.Wire.DownloadSource),
            Is.EqualTo("""{"url":"http://h/a","bytes":5,"speed":2,"status":"active","error":null}"""));

    [Test]
    public void Download_of_a_daemon_that_does_not_tell_sources_has_none()
    {
        var read = JsonSerializer.Deserialize(
            """{"id":1,"name":"a.iso","pool":"ISO","url":"http://h/a","status":"downloading"}""", ApiJson.Replies.Download)!;

        Assert.That(read.Sources, Is.Empty);
        Assert.That(read.Connections, Is.Zero);
    }

    [Test]
    public void Empty_reply_is_an_empty_object() =>
        Assert.That(JsonSerializer.Serialize(new EmptyReply(), ApiJson.Wire.EmptyReply), Is.EqualTo("{}"));

    [TestCase("""{"url":"http://h/a","nmae":"x"}""")]
    [TestCase("""{"url":"http://h/a","url":"http://h/b"}""")]
    [TestCase("""{"url":null}""")]
    [TestCase("""{"name":"x"}""")]
    public void Request_with_a_field_too_many_or_too_few_is_refused(string json) => Assert.That(
        () => JsonSerializer.Deserialize(json, ApiJson.Wire.StartDownloadRequest), Throws.InstanceOf<JsonException>());

    [Test]
    public void Message_ids_are_unique_and_of_kimchis_form()
    {
        var ids = typeof(MessageIds).GetFields().Select(f => (string)f.GetRawConstantValue()!).ToList();

        Assert.That(ids, Is.Unique);
        Assert.That(ids, Is.All.Match("^KCH[A-Z]+[0-9]{4}E$"));
    }

    [Test]
    public void Pools_name_is_escaped_in_its_path() =>
        Assert.That(Routes.DownloadsOf("a b/c"), Is.EqualTo("/storagepools/a%20b%2Fc/storagevolumes/download"));
}
