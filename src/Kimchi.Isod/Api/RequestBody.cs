using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using Kimchi.Isod.Contracts;
using Microsoft.Net.Http.Headers;

namespace Kimchi.Isod.Api;

/// <summary>Reads the one JSON object that a request's body holds.</summary>
internal static class RequestBody
{
    /// <summary>The largest body in bytes.</summary>
    public const int MaxBytes = 64 * 1024;

    /// <summary>Reads the body.</summary>
    /// <exception cref="ApiException">It is not what the call takes; the reason says what is wrong with it.</exception>
    public static async Task<T> ReadAsync<T>(HttpRequest request, JsonTypeInfo<T> type)
    {
        CheckContentType(request);
        using var body = new MemoryStream();
        await CopyAsync(request, body);
        body.Position = 0;
        try
        {
            return Parse(body, type);
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException)
        {
            // The second is for a text that is no Unicode, such as a field's name, at the moment when it is asked for.
            throw NotJson($"the body is not JSON: {e.Message}");
        }
    }

    private static async Task CopyAsync(HttpRequest request, MemoryStream body)
    {
        try
        {
            await request.Body.CopyToAsync(body, request.HttpContext.RequestAborted);
        }
        catch (IOException e) when (e is not BadHttpRequestException)
        {
            // Kestrel's word for a chunk of 2 GiB or more, which it cannot count; or the client is gone, and reads no answer.
            throw NotJson($"the request cannot be read: {e.Message}");
        }
    }

    private static T Parse<T>(Stream body, JsonTypeInfo<T> type)
    {
        using var document = JsonDocument.Parse(body, new JsonDocumentOptions { AllowDuplicateProperties = false });
        if (document.RootElement.ValueKind is not JsonValueKind.Object)
            throw NotJson($"the body is a JSON {document.RootElement.ValueKind.ToString().ToLowerInvariant()}, not one object");
        try
        {
            return document.RootElement.Deserialize(type)!;
        }
        catch (JsonException e)
        {
            throw new ApiException(400, MessageIds.Field, Describe(e, type, document.RootElement));
        }
    }

    private static void CheckContentType(HttpRequest request)
    {
        if (string.IsNullOrEmpty(request.ContentType)) return;
        if (MediaTypeHeaderValue.TryParse(request.ContentType, out var type)
            && (type.MediaType.Equals("application/json", StringComparison.OrdinalIgnoreCase)
                || type.Suffix.Equals("json", StringComparison.OrdinalIgnoreCase))) return;
        throw new ApiException(
            415, MessageIds.ContentType, $"the content type '{request.ContentType}' is not JSON; send application/json");
    }

    private static string Describe<T>(JsonException e, JsonTypeInfo<T> type, JsonElement body)
    {
        var fields = type.Properties.Select(p => p.Name).ToList();
        if (body.EnumerateObject().FirstOrDefault(p => !fields.Contains(p.Name)) is { Value.ValueKind: not JsonValueKind.Undefined } unknown)
            return $"the field '{unknown.Name}' is unknown; this call takes {string.Join(", ", fields)}";
        if (type.Properties.FirstOrDefault(p => p.IsRequired && !body.TryGetProperty(p.Name, out _)) is { } missing)
            return $"the field '{missing.Name}' is missing";
        // That of a list's item ends in its index, that of an object's in its name.
        var path = e.Path?.TrimStart('$', '.').Split('[', '.')[0];
        if (type.Properties.FirstOrDefault(p => p.Name == path) is not { } field) return $"a field has the wrong type: {e.Message}";
        return $"the field '{path}' must be {Describe(field.PropertyType)}";
    }

    private static string Describe(Type type) =>
        type == typeof(string) ? "a text" : type == typeof(bool) ? "true or false" : type == typeof(IReadOnlyList<string>) ? "a list of texts"
        : type == typeof(IReadOnlyDictionary<string, string>) ? "an object of texts" : "a whole number";

    private static ApiException NotJson(string message) => new(400, MessageIds.NotJson, message);
}
