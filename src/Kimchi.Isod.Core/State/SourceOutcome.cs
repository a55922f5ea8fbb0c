namespace Kimchi.Isod.Core.State;

/// <summary>What a download knows of one of its sources.</summary>
/// <param name="Bytes">How many bytes the source has brought.</param>
/// <param name="Standing">Whether it may be asked again.</param>
/// <param name="Error">Why it was left last, with no secret in it; null where it was not.</param>
public sealed record SourceOutcome(long Bytes, SourceStanding Standing, string? Error)
{
    /// <summary>Whether the version in the record is what it said, though it is not the download's address.</summary>
    public bool IsOfVersion { get; init; }

    /// <summary>Nothing is known of it.</summary>
    public static SourceOutcome None { get; } = new(0, SourceStanding.Good, null);
}

/// <summary>Whether a source may be asked again.</summary>
public enum SourceStanding
{
    /// <summary>It may.</summary>
    Good = 0,

    /// <summary>Not in this run.</summary>
    Failed,

    /// <summary>Not for this download: it has sent wrong bytes.</summary>
    Rejected,
}
