namespace Kimchi.Isod.Core.Remote;

/// <summary>What tells one version of a remote file from another: RFC 9110, section 8.8; SIZE and MDTM of FTP.</summary>
/// <param name="ETag">The strong entity tag with its quotes, or null. A weak one, as it came, only where nothing else tells of a change.</param>
/// <param name="LastModified">When the file was last changed, to the second, or null.</param>
/// <param name="Size">The whole file's size in bytes, or null when the server does not tell.</param>
public sealed record Validator(string? ETag, DateTimeOffset? LastModified, long? Size)
{
    /// <summary>Whether <paramref name="other"/> may be taken for the same version: bytes of both may be put together.</summary>
    /// <remarks>
    /// A size that differs settles it. Then a strong ETag decides, where both have one; else the date; else the size alone.
    /// With nothing in common there is nothing to vouch for the bytes, and the answer is no.
    /// </remarks>
    public bool IsSameVersion(Validator other)
    {
        if (Size is { } size && other.Size is { } otherSize && size != otherSize) return false;
        if (ETag is not null && other.ETag is not null) return string.Equals(ETag, other.ETag, StringComparison.Ordinal);
        if (LastModified is { } date && other.LastModified is { } otherDate) return date == otherDate;
        if (HasMark || other.HasMark) return false;
        return Size is not null && Size == other.Size;
    }

    private bool HasMark => ETag is not null || LastModified is not null;
}
