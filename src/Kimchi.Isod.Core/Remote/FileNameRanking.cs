namespace Kimchi.Isod.Core.Remote;

/// <summary>Which of several names is the best for an image. The same for every source of names.</summary>
public static class FileNameRanking
{
    private static readonly HashSet<string> ImageExtensions = new(StringComparer.OrdinalIgnoreCase)
    {
        "iso", "img", "raw", "qcow", "qcow2", "vmdk", "vdi", "vhd", "vhdx", "vhdfixed", "dsk", "bin", "dmg", "udf", "toast", "wim", "squashfs", "usb",
    };

    private static readonly HashSet<string> CompressedExtensions = new(StringComparer.OrdinalIgnoreCase) { "gz", "xz", "zst", "bz2", "lz4", "lzma", "zip", "z" };

    private static readonly HashSet<string> ScriptExtensions = new(StringComparer.OrdinalIgnoreCase)
    {
        "php", "php3", "php4", "php5", "phtml", "asp", "aspx", "ashx", "jsp", "jspx", "cgi", "pl", "py", "cfm", "do", "action", "html", "htm", "xhtml", "shtml",
    };

    // What is done with a file, or what any is.
    private static readonly HashSet<string> GenericWords = new(StringComparer.OrdinalIgnoreCase)
    {
        "download", "downloads", "dl", "get", "getfile", "get-file", "fetch", "file", "files", "raw", "blob", "content", "contents", "stream", "media",
        "index", "view", "open", "redirect", "mirror", "attachment", "image", "iso", "data", "unnamed", "untitled",
    };

    /// <summary>How good a name is.</summary>
    public static FileNameRank RankOf(string name)
    {
        var dot = name.LastIndexOf('.');
        if (dot <= 0) return GenericWords.Contains(name) ? FileNameRank.Generic : FileNameRank.Other;
        var (stem, extension) = (name[..dot], name[(dot + 1)..]);
        if (ScriptExtensions.Contains(extension)) return FileNameRank.Generic;
        if (ImageExtensions.Contains(extension)) return FileNameRank.Image;
        return CompressedExtensions.Contains(extension) && stem.LastIndexOf('.') is > 0 and var inner && ImageExtensions.Contains(stem[(inner + 1)..])
            ? FileNameRank.Image
            : FileNameRank.Other;
    }

    /// <summary>Each name once: those of images first, then others, then those that say nothing, each kind in the order that they had.</summary>
    public static IReadOnlyList<string> BestFirst(IEnumerable<string> names) =>
        [.. names.Where(name => name.Length > 0).Distinct(StringComparer.Ordinal).OrderBy(RankOf)];
}
