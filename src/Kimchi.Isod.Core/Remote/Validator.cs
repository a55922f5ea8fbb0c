namespace Kimchi.Isod.Core.Remote;

/// <summary>What tells one version of a remote file from another: RFC 9110, section 8.8; SIZE and MDTM of FTP.</summary>
/// <param name="ETag">The strong entity tag with its quotes, or null. A weak one, as it came, only where nothing else tells of a change.</param>
/// <param name="LastModified">When the file was last changed, to the second, or null.</param>
/// <param name="SourceSize">The whole file's size in bytes, or null when the server does not tell.</param>
/// <param name="IsDateStrong">Whether the file cannot have changed once more within the second of <paramref name="LastModified"/>: the
/// reply was made a second later or more (RFC 9110, section 8.8.2.2).</param>
/// <param name="FileName">The last part of the path that redirects led to, or null. Tags and dates tell versions of one resource apart, and
/// a name such as latest.iso may lead to another one tomorrow.</param>
public sealed record Validator(
    string? ETag, DateTimeOffset? LastModified, long? SourceSize, bool IsDateStrong = false, string? FileName = null)
{
    /// <summary>Whether it proves that bytes of two replies are of one version (RFC 9110, section 15.3.7.3).</summary>
    public bool IsStrong => HasStrongTag || HasStrongDate;

    /// <summary>Whether the entity tag is a strong one. One with nothing between its quotes tells nothing.</summary>
    public bool HasStrongTag => ETag is ['"', _, ..] && ETag.IndexOf('"', 1) == ETag.Length - 1 && ETag.Length > 2;

    private bool HasStrongDate => IsDateStrong && LastModified is not null;

    /// <summary>Whether both have a date, and not the same.</summary>
    public bool HasOtherDate(Validator other) => LastModified is { } date && other.LastModified is { } otherDate && date != otherDate;

    /// <summary>Compares the version that bytes are stored of with that of another reply.</summary>
    /// <remarks>
    /// A size that differs settles it. Then the tags decide, where both have one and one of them is strong or they differ; then the
    /// dates. What is equal without being strong proves nothing, and neither does a strong tag beside dates that differ: some servers
    /// make their tags of the size.
    /// </remarks>
    public VersionMatch CompareWith(Validator other)
    {
        var match = CompareValues(other);
        var isOtherFile = FileName is not null && other.FileName is not null && FileName != other.FileName;
        return match is VersionMatch.Same && isOtherFile ? VersionMatch.Unknown : match;
    }

    private VersionMatch CompareValues(Validator other)
    {
        if (SourceSize is { } size && other.SourceSize is { } otherSize && size != otherSize) return VersionMatch.Different;
        if (ETag is not null && other.ETag is not null)
        {
            if (!string.Equals(ETag, other.ETag, StringComparison.Ordinal)) return VersionMatch.Different;
            if (HasStrongTag) return HasOtherDate(other) ? VersionMatch.Unknown : VersionMatch.Same;
        }

        if (LastModified is not { } date || other.LastModified is not { } otherDate) return VersionMatch.Unknown;
        if (date != otherDate) return VersionMatch.Different;
        return HasStrongDate ? VersionMatch.Same : VersionMatch.Unknown;
    }
}

/// <summary>What two validators prove of the bytes that came with them.</summary>
public enum VersionMatch
{
    /// <summary>Nothing: the bytes may be put together only where a checksum judges the whole.</summary>
    Unknown = 0,

    /// <summary>They are of one version.</summary>
    Same,

    /// <summary>They are of two versions.</summary>
    Different,
}
