using System.Text.Json.Serialization;

namespace Kimchi.Isod.Contracts;

/// <summary>Whether the daemon can do its work.</summary>
/// <param name="Healthy">Whether nothing of it is down.</param>
/// <param name="Checks">What it needs.</param>
public sealed record HealthReply(bool Healthy, IReadOnlyList<HealthCheck> Checks);

/// <summary>One thing that the daemon needs.</summary>
/// <param name="Name"><c>state</c>, <c>libvirt</c>, or <c>pool NAME</c>.</param>
/// <param name="Healthy">Whether it is there.</param>
/// <param name="Reason">Why not, and how to fix it; null where it is.</param>
public sealed record HealthCheck(
    string Name,
    bool Healthy,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.Never)] string? Reason);

/// <summary>What answers.</summary>
/// <param name="Name"><c>kimchi-isod</c>.</param>
/// <param name="Version">Its version.</param>
/// <param name="Libvirt">The version of the libvirt that it is connected to; null where it is not.</param>
public sealed record VersionReply(
    string Name,
    string Version,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.Never)] string? Libvirt);
