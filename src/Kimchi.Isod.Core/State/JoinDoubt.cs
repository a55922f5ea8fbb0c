namespace Kimchi.Isod.Core.State;

/// <summary>Whether a download's bytes are of one file for sure, up to what the checksum says.</summary>
public enum JoinDoubt
{
    /// <summary>They came at once, or strong validators joined them.</summary>
    None = 0,

    /// <summary>They were joined, or taken for whole, on weak evidence: a wrong checksum may be the joint's fault.</summary>
    Weak,

    /// <summary>They are fetched again for a wrong checksum, and are joined on strong evidence only.</summary>
    FetchedAgain,
}
