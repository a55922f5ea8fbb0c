using System.CommandLine;

namespace Kimchi.Isoctl.Commands;

/// <summary>Options that say where an image is, too.</summary>
internal static class SourceOptions
{
    public static Option<string[]> Mirrors() => new("--mirror") { Description = "Where the same image is, too; can be given up to 16 times", HelpName = "URL" };

    public static Option<string?> Metalink() => new("--metalink") { Description = "A metalink that has the image", HelpName = "URL" };
}
