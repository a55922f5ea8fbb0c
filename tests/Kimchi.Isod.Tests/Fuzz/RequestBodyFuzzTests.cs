using System.Text;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using CsCheck;
using Kimchi.Isod.Api;
using Kimchi.Isod.Contracts;
using Kimchi.Isod.Fixtures.Fuzz;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging.Abstractions;

namespace Kimchi.Isod.Tests.Fuzz;

/// <summary>Bodies of requests, up to the reply: whatever they are, they are the client's fault (400), never ours (500).</summary>
public sealed class RequestBodyFuzzTests
{
    private static readonly Gen<string> Valid = Gen.OneOf(
        """{"url":"https://host/a.iso"}""",
        """{"url":"https://host/a.iso","name":"a.iso","username":"u","password":"p","checksum":"md5:0","limit_rate":5,"start_paused":true}""",
        """{"name":"\u65e5\ud83d\ude00","limit_rate":9223372036854775807}""",
        """ { "name" : null , "limit_rate" : -1e2 } """);

    private static readonly Gen<string> Texts16 = Gen.OneOf(
        Valid,
        Texts.Near(Valid),
        Texts.Of(
            "{", "}", "[", "]", ":", ",", "\"", "\"url\":", "\"name\":", "\"limit_rate\":", "\"start_paused\":", "\"Name\":", "\"$type\":", "\"\\ud800\":", "\"\\u0000\":",
            "\"a\"", "\"\\udc00\"", "\"\\ud800\\u0041\"", "null", "true", "1", "-0", "1e999", "1.5", "99999999999999999999", "\\", "\\u", "//", "NaN", "\ufeff", " "));

    // As bytes: with halves of characters and bytes that are no UTF-8 at all, in names of fields and in values.
    private static readonly Gen<byte[]> Bodies = Gen.OneOf(
        Texts16.Select(Encoding.UTF8.GetBytes),
        Gen.Byte.Array[0, 100],
        Gen.Select(
            Gen.OneOf("{\"", "{\"url\":\"", "{\"name\":\"a\",\"", "[\"", "{\"limit_rate\":"), Gen.OneOf(Gen.Byte, Gen.Byte[0x80, 0xff]).Array[0, 8], Gen.OneOf("\":1}", "\"}", "}", "\":\"a\"}"),
            (start, middle, end) => (byte[])[.. Encoding.UTF8.GetBytes(start), .. middle, .. Encoding.UTF8.GetBytes(end)]));

    private static readonly Gen<string?> ContentTypes = Gen.Frequency(
        (6, Gen.OneOf<string?>(null, "", "application/json", "application/json; charset=utf-8", "application/x+json", "Application/JSON")),
        (1, Gen.OneOf(Texts.Any, Texts.Of("application", "/", "json", "+", ";", "charset", "=", "\"", "*")).Select(text => (string?)text)));

    [Test]
    public void Any_body_is_read_or_the_clients_fault() => Gen.Select(Bodies, ContentTypes).Holds(
        c => IsReadOrRefused(c.Item1, c.Item2, ApiJson.Wire.StartDownloadRequest) && IsReadOrRefused(c.Item1, c.Item2, ApiJson.Wire.LimitRequest)
            && IsReadOrRefused(c.Item1, c.Item2, ApiJson.Wire.DownloadName),
        count: 20_000);

    // As large as Kestrel lets them be.
    [Test]
    public void Large_body_is_read_or_the_clients_fault() =>
        Gen.OneOf("[", "{\"a\":", "{\"name\":[", "{\"url\":\"a\",\"name\":\"", "{\"limit_rate\":1", "\"\\u0041", "{\"url\":\"\\ud800", " ", "{\"a\":1,", "{\"url\":").Select(
            Gen.Int[1, RequestBody.MaxBytes], (piece, length) => piece + string.Concat(Enumerable.Repeat(piece[^1] is '1' or 'a' or ' ' ? piece[^1].ToString() : piece, length / piece.Length)))
        .AreRead(text => IsReadOrRefused(Encoding.UTF8.GetBytes(text), null, ApiJson.Wire.StartDownloadRequest), count: 300);

    [Test]
    public void Fields_come_back_as_they_were() => Gen.Select(Texts.Any, Texts.Any.Null(), Gen.Long, Gen.Bool).Holds(
        c =>
        {
            var sent = new StartDownloadRequest { Url = Whole(c.Item1), Name = c.Item2 is { } name ? Whole(name) : null, LimitRate = c.Item3, StartPaused = c.Item4 };
            var context = Request(JsonSerializer.SerializeToUtf8Bytes(sent, ApiJson.Wire.StartDownloadRequest), null);
            return RequestBody.ReadAsync(context.Request, ApiJson.Wire.StartDownloadRequest).GetAwaiter().GetResult() == sent;
        });

    [Test]
    public void Repeated_field_is_refused_in_any_spelling() => Gen.OneOf("\"name\"", "\"\\u006eame\"", "\"nam\\u0065\"").Array[2].Holds(
        names => !IsRead($$"""{{{names[0]}}:"a",{{names[1]}}:"b"}""", ApiJson.Wire.DownloadName), count: 100);

    private static bool IsRead<T>(string body, JsonTypeInfo<T> type)
    {
        var context = Reply(Encoding.UTF8.GetBytes(body), null, type);
        return context.Response.StatusCode == 200;
    }

    private static bool IsReadOrRefused<T>(byte[] body, string? contentType, JsonTypeInfo<T> type)
    {
        var context = Reply(body, contentType, type);
        if (context.Response.StatusCode == 200) return true;
        context.Response.Body.Position = 0;
        var reply = JsonSerializer.Deserialize(context.Response.Body, ApiJson.Wire.ErrorReply)!;
        return context.Response.StatusCode is 400 or 415
            && reply.Reason.StartsWith("KCHAPI000", StringComparison.Ordinal) && reply.Code.StartsWith($"{context.Response.StatusCode} ", StringComparison.Ordinal);
    }

    private static DefaultHttpContext Reply<T>(byte[] body, string? contentType, JsonTypeInfo<T> type)
    {
        var context = Request(body, contentType);
        var replies = new ErrorReplies(async c => _ = await RequestBody.ReadAsync(c.Request, type), NullLogger<ErrorReplies>.Instance);
        replies.InvokeAsync(context).GetAwaiter().GetResult();
        return context;
    }

    private static DefaultHttpContext Request(byte[] body, string? contentType) => new()
    {
        Request = { Body = new MemoryStream(body), ContentType = contentType },
        Response = { Body = new MemoryStream() },
    };

    private static string Whole(string text) => string.Concat(text.EnumerateRunes());
}
