namespace Kimchi.Isod.Core.Volumes;

/// <summary>What the kernel tells of writes to a volume's file, whoever made them.</summary>
/// <param name="Stamp">The times of the file's last changes, and its size. As long as it is the same, nobody has written to the file: the
/// time of the last change cannot be set. Null where nothing tells: the file is not seen, or it is a block device.</param>
/// <param name="Writers">How many have closed the file since this was asked last, that had it open for writing. Two that close it at the same
/// moment may be counted once.</param>
/// <param name="IsWatched">Whether writers are counted at all.</param>
public readonly record struct VolumeActivity(string? Stamp, int Writers, bool IsWatched);
