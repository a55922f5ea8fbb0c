using System.Text.Json.Serialization.Metadata;

namespace Kimchi.Isod.Api;

/// <summary>What the description of the API says of an endpoint, beside what its route says.</summary>
/// <param name="Summary">What it does, in one line.</param>
/// <param name="Request">The body that it takes, or null.</param>
/// <param name="Reply">The JSON that it answers, or null.</param>
/// <param name="ContentType">The type of what it answers; null for nothing.</param>
internal sealed record Operation(string Summary, JsonTypeInfo? Request, JsonTypeInfo? Reply, string? ContentType);

/// <summary>Puts operations on endpoints.</summary>
internal static class OperationExtensions
{
    private const string Json = "application/json";

    public static IEndpointConventionBuilder Describe(this IEndpointConventionBuilder endpoint, string summary, JsonTypeInfo request, JsonTypeInfo reply) =>
        endpoint.WithMetadata(new Operation(summary, request, reply, Json));

    public static IEndpointConventionBuilder Describe(this IEndpointConventionBuilder endpoint, string summary, JsonTypeInfo reply) =>
        endpoint.WithMetadata(new Operation(summary, null, reply, Json));

    public static IEndpointConventionBuilder Describe(this IEndpointConventionBuilder endpoint, string summary, string contentType) =>
        endpoint.WithMetadata(new Operation(summary, null, null, contentType));

    public static IEndpointConventionBuilder Describe(this IEndpointConventionBuilder endpoint, string summary) =>
        endpoint.WithMetadata(new Operation(summary, null, null, null));
}
