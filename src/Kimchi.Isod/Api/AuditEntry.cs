using Kimchi.Isod.Core.Errors;
using Kimchi.Isod.Core.Remote;

namespace Kimchi.Isod.Api;

/// <summary>What is told of a call that changes something; filled in while it is carried out.</summary>
internal sealed class AuditEntry
{
    /// <summary>The download's name, as soon as it is known.</summary>
    public string? Name { get; set; }

    /// <summary>The URL with no secrets, where the call has one.</summary>
    public string? Url { get; private set; }

    /// <summary>Why the call was refused, with its id; null where it was not.</summary>
    public string? Refusal { get; set; }

    /// <summary>Whether the call was given up before its end, since the client had gone.</summary>
    public bool IsAbandoned { get; set; }

    /// <summary>Takes the URL of a request.</summary>
    public void SetUrl(string url)
    {
        try
        {
            Url = RemoteUrl.Parse(url).ToString();
        }
        catch (DownloadException)
        {
            // Where its secrets are cannot be told.
            Url = "an unusable URL";
        }
    }
}

/// <summary>Marks the endpoints whose calls are audited.</summary>
/// <param name="Call">The call's name, such as <c>pause</c>.</param>
internal sealed record AuditedCall(string Call);

/// <summary>Where a request's entry is.</summary>
internal static class AuditExtensions
{
    /// <summary>The request's entry.</summary>
    public static AuditEntry Audit(this HttpContext context)
    {
        if (context.Features.Get<AuditEntry>() is { } entry) return entry;
        context.Features.Set(entry = new AuditEntry());
        return entry;
    }

    /// <summary>Has an endpoint's calls audited.</summary>
    public static T Audited<T>(this T endpoint, string call)
        where T : IEndpointConventionBuilder => endpoint.WithMetadata(new AuditedCall(call));
}
