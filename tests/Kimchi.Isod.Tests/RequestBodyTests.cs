using System.Text;
using Kimchi.Isod.Api;
using Kimchi.Isod.Contracts;
using Microsoft.AspNetCore.Http;

namespace Kimchi.Isod.Tests;

public sealed class RequestBodyTests
{
    // As Latin-1, so that bytes that are no UTF-8 can be told.
    [TestCase("{\"name\":\"a\",\"\u008f\":1}", MessageIds.NotJson)]
    [TestCase("{\"\\ud800\":1,\"name\":\"a\"}", MessageIds.NotJson)]
    [TestCase("{\"name\":\"\\ud800\"}", MessageIds.Field)]
    [TestCase("{\"name\":\"\u00ff\"}", MessageIds.Field)]
    [TestCase("{\"name\":\"a\",\"n\\u0061me\":\"b\"}", MessageIds.NotJson)]
    [TestCase("", MessageIds.NotJson)]
    public async Task Unusable_text_is_the_clients_fault(string body, string id)
    {
        var context = new DefaultHttpContext { Request = { Body = new MemoryStream(Encoding.Latin1.GetBytes(body)) } };

        await Assert.ThatAsync(
            () => RequestBody.ReadAsync(context.Request, ApiJson.Wire.DownloadName),
            Throws.TypeOf<ApiException>().With.Property("Status").EqualTo(400).And.Property("Id").EqualTo(id));
    }

    [TestCase("""{"url":"http://h/a","mirrors":"http://m/a"}""", "the field 'mirrors' must be a list of texts")]
    [TestCase("""{"url":"http://h/a","mirrors":["http://m/a",5]}""", "the field 'mirrors' must be a list of texts")]
    [TestCase("""{"url":"http://h/a","connections":"4"}""", "the field 'connections' must be a whole number")]
    [TestCase("""{"url":"http://h/a","metalink_url":["x"]}""", "the field 'metalink_url' must be a text")]
    public async Task Field_of_the_wrong_type_is_named(string body, string reason)
    {
        var context = new DefaultHttpContext { Request = { Body = new MemoryStream(Encoding.UTF8.GetBytes(body)) } };

        await Assert.ThatAsync(
            () => RequestBody.ReadAsync(context.Request, ApiJson.Wire.StartDownloadRequest),
            Throws.TypeOf<ApiException>().With.Property("Id").EqualTo(MessageIds.Field).And.Message.Contains(reason));
    }

    [Test]
    public async Task Byte_order_mark_is_passed_over()
    {
        var context = new DefaultHttpContext { Request = { Body = new MemoryStream([0xef, 0xbb, 0xbf, .. "{\"name\":\"a\"}"u8]) } };

        Assert.That((await RequestBody.ReadAsync(context.Request, ApiJson.Wire.DownloadName)).Name, Is.EqualTo("a"));
    }
}
