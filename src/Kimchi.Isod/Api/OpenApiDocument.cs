using System.Text.Json.Nodes;
using System.Text.Json.Schema;
using System.Text.Json.Serialization.Metadata;
using Kimchi.Isod.Contracts;
using Microsoft.AspNetCore.Routing.Patterns;

namespace Kimchi.Isod.Api;

/// <summary>The description of the API in OpenAPI 3.1, from the routes and the types that the daemon really has.</summary>
/// <remarks>Not by Microsoft.AspNetCore.OpenApi, which describes only handlers with typed parameters; those answer bad bodies in words of
/// their own.</remarks>
internal static class OpenApiDocument
{
    public static string Create(EndpointDataSource endpoints)
    {
        var paths = new JsonObject();
        var schemas = new JsonObject();
        foreach (var endpoint in endpoints.Endpoints.OfType<RouteEndpoint>())
        {
            if (endpoint.Metadata.GetMetadata<Operation>() is not { } operation) continue;
            var path = "/" + endpoint.RoutePattern.RawText!.Trim('/');
            if (paths[path] is null) paths[path] = new JsonObject { ["parameters"] = Parameters(endpoint.RoutePattern) };
            foreach (var method in endpoint.Metadata.GetRequiredMetadata<IHttpMethodMetadata>().HttpMethods)
                paths[path]!.AsObject()[method.ToLowerInvariant()] = Describe(operation, method, path, schemas);
        }

        return new JsonObject
        {
            ["openapi"] = "3.1.0",
            ["info"] = new JsonObject { ["title"] = "kimchi-isod", ["version"] = ProductVersion.Text },
            ["servers"] = new JsonArray(new JsonObject { ["url"] = "/" }, new JsonObject { ["url"] = Routes.KimchiPrefix }),
            ["paths"] = paths,
            ["components"] = new JsonObject { ["schemas"] = schemas },
        }.ToJsonString();
    }

    private static JsonArray Parameters(RoutePattern pattern) => new([.. pattern.Parameters.Select(Parameter)]);

    private static JsonNode Parameter(RoutePatternParameterPart parameter) => new JsonObject
    {
        ["name"] = parameter.Name,
        ["in"] = "path",
        ["required"] = true,
        ["schema"] = new JsonObject { ["type"] = "string" },
    };

    private static JsonObject Describe(Operation operation, string method, string path, JsonObject schemas)
    {
        var described = new JsonObject
        {
            ["operationId"] = $"{method.ToLowerInvariant()}{string.Concat(path.Split('/', '{', '}', '.').Select(Capitalized))}",
            ["summary"] = operation.Summary,
            ["responses"] = new JsonObject
            {
                [operation.ContentType is null ? "204" : "200"] = Response("Success", operation.ContentType, operation.Reply, schemas),
                ["default"] = Response("An error", "application/json", ApiJson.Wire.ErrorReply, schemas),
            },
        };
        if (operation.Request is { } request)
            described["requestBody"] = new JsonObject { ["required"] = true, ["content"] = Content("application/json", request, schemas) };
        return described;
    }

    private static JsonObject Response(string description, string? contentType, JsonTypeInfo? type, JsonObject schemas)
    {
        var response = new JsonObject { ["description"] = description };
        if (contentType is not null) response["content"] = Content(contentType, type, schemas);
        return response;
    }

    private static JsonObject Content(string contentType, JsonTypeInfo? type, JsonObject schemas) => new()
    {
        [contentType] = type is null ? new JsonObject() : new JsonObject { ["schema"] = Reference(type, schemas) },
    };

    private static JsonObject Reference(JsonTypeInfo type, JsonObject schemas)
    {
        var name = type.Type.Name;
        schemas[name] ??= type.GetJsonSchemaAsNode(new JsonSchemaExporterOptions { TreatNullObliviousAsNonNullable = true });
        return new JsonObject { ["$ref"] = $"#/components/schemas/{name}" };
    }

    private static string Capitalized(string word) => word.Length == 0 ? "" : char.ToUpperInvariant(word[0]) + word[1..];
}
