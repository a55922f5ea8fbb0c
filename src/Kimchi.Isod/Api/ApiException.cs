namespace Kimchi.Isod.Api;

/// <summary>A request that the API itself refuses, before the domain hears of it.</summary>
internal sealed class ApiException(int status, string id, string message) : Exception(message)
{
    /// <summary>The HTTP status.</summary>
    public int Status { get; } = status;

    /// <summary>The message id.</summary>
    public string Id { get; } = id;
}
