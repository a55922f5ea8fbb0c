using System.Net;
using System.Text.Json;

namespace Kimchi.Isod.Fixtures;

/// <summary>A reply of the API.</summary>
public sealed record ApiReply(
    HttpStatusCode Status, string Body, string? ContentType, IReadOnlyDictionary<string, string> Headers)
{
    /// <summary>The message id of an error, or null.</summary>
    public string? Id => Status is HttpStatusCode.OK ? null : Text("reason").Split(':')[0];

    /// <summary>A field that is a text.</summary>
    public string Text(string field) => Field(field).GetString()!;

    /// <summary>A field that is a number.</summary>
    public long Number(string field) => Field(field).GetInt64();

    /// <summary>Its JSON.</summary>
    public JsonElement Json => JsonDocument.Parse(Body).RootElement;

    /// <summary>A field's JSON.</summary>
    public JsonElement Field(string field) => Json.GetProperty(field);

    /// <inheritdoc/>
    public override string ToString() => $"{(int)Status} {Body}";
}
