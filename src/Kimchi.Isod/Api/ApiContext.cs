using System.Text.Json.Serialization.Metadata;
using Kimchi.Isod.Contracts;
using Kimchi.Isod.Core.Remote;
using Kimchi.Isod.Core.Volumes;

namespace Kimchi.Isod.Api;

/// <summary>What endpoints ask of a request, and how they answer it.</summary>
internal static class ApiContext
{
    public static T Service<T>(this HttpContext context)
        where T : notnull => context.RequestServices.GetRequiredService<T>();

    public static string Pool(this HttpContext context) => (string)context.Request.RouteValues["pool"]!;

    /// <summary>The volume that the path names.</summary>
    public static VolumeId Volume(this HttpContext context) => context.Volume((string)context.Request.RouteValues["name"]!);

    /// <summary>The volume of a name in the pool that the path names.</summary>
    public static VolumeId Volume(this HttpContext context, string name) => new(context.Pool(), name);

    /// <summary>Answers. A client that has gone gets nothing; what was done stays done, so that is no failure of the call.</summary>
    public static Task ReplyAsync<T>(this HttpContext context, T reply, JsonTypeInfo<T> type) =>
        // Without a token of the caller's, ASP.NET stops when the client has gone, and does not throw.
        context.Response.WriteAsJsonAsync(reply, type, contentType: null, CancellationToken.None);

    /// <summary>The credentials of two fields of a body.</summary>
    /// <exception cref="ApiException">A password without a name.</exception>
    public static Credentials? Credentials(string? username, string? password)
    {
        if (username is not null) return new Credentials(username, password ?? "");
        return password is null ? null : throw new ApiException(400, MessageIds.Field, "the field 'password' needs the field 'username' beside it");
    }
}
