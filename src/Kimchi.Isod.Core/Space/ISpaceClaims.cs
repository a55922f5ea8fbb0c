namespace Kimchi.Isod.Core.Space;

/// <summary>Knows what was promised of the pools' space.</summary>
public interface ISpaceClaims
{
    /// <summary>Bytes of a pool that are promised to downloads and starts, but not taken from its free space yet.</summary>
    long OutstandingBytes(string pool);
}
