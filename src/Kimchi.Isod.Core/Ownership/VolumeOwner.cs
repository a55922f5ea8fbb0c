using Kimchi.Isod.Core.Volumes;

namespace Kimchi.Isod.Core.Ownership;

/// <summary>Whose a volume is that has the name of a download's.</summary>
internal enum VolumeOwner
{
    /// <summary>The download's: its token is there, or the file is the one that was seen with the token.</summary>
    Ours,

    /// <summary>The download's, made a moment ago: it has the capacity that only the record knows, and nothing in it.</summary>
    Newborn,

    /// <summary>Perhaps the download's: its head is there, which it was about to publish. All windows must be there as well.</summary>
    Published,

    /// <summary>Somebody else's, or nothing proves whose.</summary>
    Other,
}

/// <summary>What was found at the start of a volume.</summary>
/// <param name="Owner">Whose it is.</param>
/// <param name="File">The volume's file, where this process sees it.</param>
/// <param name="Content">What it holds, for users.</param>
internal sealed record VolumeFinding(VolumeOwner Owner, VolumeFile? File, string Content);
