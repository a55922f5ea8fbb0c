namespace Kimchi.Isod.Core.Volumes;

/// <summary>The file of a volume where this process sees it itself, which it proves by the file's first bytes.</summary>
/// <param name="Identity">Which file it is: its file system, its inode and its birth. Another file of the same name has another.</param>
/// <param name="Mount">Which mount of that file system shows it. Comparable within one run of the process only, since each mount
/// namespace counts for itself.</param>
public sealed record VolumeFile(string Identity, string Mount);
