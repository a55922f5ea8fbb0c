namespace Kimchi.Isod.Core.Options;

/// <summary>Whose images are taken: the section <c>trust</c> of the configuration.</summary>
public sealed record TrustOptions
{
    /// <summary>What stands for every pool in <see cref="RequireSignature"/>.</summary>
    public const string AllPools = "all";

    /// <summary>The folder of OpenPGP keyrings. Default <c>/etc/kimchi-isod/keyrings</c>.</summary>
    public string Keyrings { get; init; } = "/etc/kimchi-isod/keyrings";

    /// <summary>The pools that take nothing without a good signature, or <see cref="AllPools"/>. Default none.</summary>
    public IReadOnlyList<string> RequireSignature { get; init; } = [];

    /// <summary>Whether a pool takes nothing without a good signature.</summary>
    public bool IsSignatureRequired(string pool) =>
        RequireSignature.Contains(AllPools, StringComparer.Ordinal) || RequireSignature.Contains(pool, StringComparer.Ordinal);
}
