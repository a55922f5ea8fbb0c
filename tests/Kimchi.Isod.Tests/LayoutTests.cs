using System.Text.RegularExpressions;
using System.Xml.Linq;
using Kimchi.Isod.Fixtures;

namespace Kimchi.Isod.Tests;

/// <summary>Holds the layout and the dependency rules: who may reference whom, and what may stand where.</summary>
public sealed partial class LayoutTests
{
    private const int LongestFile = 300;

    private static readonly Dictionary<string, string[]> AllowedProjects = new()
    {
        ["libvirt-sharp"] = [],
        ["curl-sharp"] = [],
        ["idn-sharp"] = [],
        ["Kimchi.Isod.Contracts"] = [],
        ["Kimchi.Isod.Core"] = [],
        ["Kimchi.Isod.Sources"] = ["Kimchi.Isod.Core", "curl-sharp", "idn-sharp"],
        ["Kimchi.Isod.Storage"] = ["Kimchi.Isod.Core", "libvirt-sharp"],
        ["Kimchi.Isod.Signatures"] = ["Kimchi.Isod.Core"],
        ["Kimchi.Isod"] =
            ["Kimchi.Isod.Contracts", "Kimchi.Isod.Core", "Kimchi.Isod.Signatures", "Kimchi.Isod.Sources", "Kimchi.Isod.Storage"],
        ["Kimchi.Isoctl"] = ["Kimchi.Isod.Contracts"],
    };

    private static readonly Dictionary<string, string[]> AllowedPackages = new()
    {
        ["libvirt-sharp"] = [],
        ["curl-sharp"] = [],
        ["idn-sharp"] = [],
        ["Kimchi.Isod.Contracts"] = [],
        ["Kimchi.Isod.Core"] =
            ["Microsoft.Extensions.Hosting.Abstractions", "Microsoft.Extensions.Logging.Abstractions", "System.IO.Hashing"],
        ["Kimchi.Isod.Sources"] = [],
        ["Kimchi.Isod.Storage"] = ["Microsoft.Data.Sqlite"],
        ["Kimchi.Isod.Signatures"] = ["BouncyCastle.Cryptography"],
        ["Kimchi.Isod"] =
            ["Microsoft.Extensions.Hosting", "Microsoft.Extensions.Hosting.Systemd", "Microsoft.Extensions.Logging.Console"],
        ["Kimchi.Isoctl"] = ["Spectre.Console", "System.CommandLine"],
    };

    private static IEnumerable<string> Projects => Directory.GetFiles(Path.Combine(Repository.Root, "src"), "*.csproj", SearchOption.AllDirectories)
        .Concat(Directory.GetFiles(Path.Combine(Repository.Root, "native"), "*.csproj", SearchOption.AllDirectories));

    [TestCaseSource(nameof(Projects))]
    public void Project_references_only_what_it_may(string path)
    {
        var name = Path.GetFileNameWithoutExtension(path);
        var project = XElement.Load(path);
        string[] References(string kind) => [.. project.Descendants(kind).Select(r => (string)r.Attribute("Include")!)];

        Assert.That(References("ProjectReference").Select(r => Path.GetFileNameWithoutExtension(r)), Is.SubsetOf(AllowedProjects[name]));
        Assert.That(References("PackageReference"), Is.SubsetOf(AllowedPackages[name]));
    }

    [Test]
    public void Core_knows_nothing_of_asp_net() =>
        Assert.That(Sources("src/Kimchi.Isod.Core").Where(f => Text(f).Contains("Microsoft.AspNetCore", StringComparison.Ordinal)), Is.Empty);

    [Test]
    public void Map_of_the_contributors_leads_to_files_in_at_most_a_dozen_steps()
    {
        var files = MappedFile().Matches(Text(Path.Combine(Repository.Root, "CONTRIBUTING.md"))).Select(m => m.Groups[1].Value).ToList();

        Assert.That(files, Has.Count.InRange(8, 12));
        Assert.That(files.Where(f => !File.Exists(Path.Combine(Repository.Root, f))), Is.Empty);
    }

    // What a room of the core uses stands in its using lines: the build refuses those that nothing needs.
    [Test]
    public void Rooms_of_the_core_form_no_circle()
    {
        var uses = Sources("src/Kimchi.Isod.Core").GroupBy(Room, StringComparer.Ordinal).ToDictionary(
            files => files.Key,
            files => files.SelectMany(f => RoomUse().Matches(Text(f))).Select(m => m.Groups[1].Value).Where(r => r != files.Key).ToHashSet(StringComparer.Ordinal),
            StringComparer.Ordinal);
        Assert.That(uses, Has.Count.GreaterThan(10));
        while (uses.Where(room => room.Value.All(used => !uses.ContainsKey(used))).Select(room => room.Key).ToList() is { Count: > 0 } free)
            free.ForEach(room => uses.Remove(room));

        Assert.That(uses.Select(room => $"{room.Key} uses {string.Join(", ", room.Value.Where(uses.ContainsKey))}"), Is.Empty);
    }

    [Test]
    public void Pointers_and_names_of_native_functions_stay_in_native()
    {
        Assert.That(Sources("src").Where(f => NativeName().IsMatch(WithoutComments(f))), Is.Empty);
    }

    [Test]
    public void Services_are_registered_in_program_only() => Assert.That(
        Sources("src").Where(f => Path.GetFileName(f) != "Program.cs" && Registration().IsMatch(Text(f))), Is.Empty);

    [Test]
    public void Versions_of_packages_stand_in_one_place()
    {
        var projects = Directory.GetFiles(Repository.Root, "*.csproj", SearchOption.AllDirectories);

        Assert.That(projects.Where(p => XElement.Load(p).Descendants("PackageReference").Any(r => r.Attribute("Version") is not null)), Is.Empty);
        var versions = XElement.Load(Path.Combine(Repository.Root, "Directory.Packages.props")).Descendants("PackageVersion");
        Assert.That(versions.Select(v => (string)v.Attribute("Version")!), Is.All.Match(@"^\[[0-9.]+\]$"), "exact versions");
    }

    [Test]
    public void Every_project_is_in_the_solution_and_has_a_lock_file()
    {
        var solution = Text(Path.Combine(Repository.Root, "kimchi-isod.sln"));
        foreach (var project in Directory.GetFiles(Repository.Root, "*.csproj", SearchOption.AllDirectories))
        {
            Assert.That(solution, Does.Contain(Path.GetFileName(project)));
            Assert.That(File.Exists(Path.Combine(Path.GetDirectoryName(project)!, "packages.lock.json")), project);
        }
    }

    [Test]
    public void No_file_is_over_300_lines() => Assert.That(
        Sources("src").Concat(Sources("native")).Concat(Sources("tests")).Where(f => File.ReadLines(f).Count() > LongestFile), Is.Empty);

    // An id that two messages share, or that is used again, misleads whoever searches the journal for it.
    [Test]
    public void Event_ids_of_log_messages_are_unique()
    {
        var ids = Sources("src").SelectMany(f => EventId().Matches(Text(f))).Select(m => m.Groups[1].Value).ToList();

        Assert.That(ids, Is.Unique.And.Not.Empty);
    }

    private static IEnumerable<string> Sources(string folder) => Directory
        .EnumerateFiles(Path.Combine(Repository.Root, folder), "*.cs", SearchOption.AllDirectories)
        .Where(f => !f.Contains("/obj/", StringComparison.Ordinal) && !f.Contains("/bin/", StringComparison.Ordinal));

    private static string Room(string file) => Path.GetRelativePath(Path.Combine(Repository.Root, "src/Kimchi.Isod.Core"), file).Split('/')[0];

    private static string Text(string file) => File.ReadAllText(file);

    private static string WithoutComments(string file) =>
        string.Join('\n', File.ReadLines(file).Where(l => !l.TrimStart().StartsWith("//", StringComparison.Ordinal)));

    [GeneratedRegex(@"\b(IntPtr|nint|vir[A-Z][A-Za-z]+|curl_[a-z_]+)\b")]
    private static partial Regex NativeName();

    [GeneratedRegex(@"^\| `((?:src|native)/[^`]+\.cs)`", RegexOptions.Multiline)]
    private static partial Regex MappedFile();

    [GeneratedRegex(@"^using Kimchi\.Isod\.Core\.([A-Za-z]+);", RegexOptions.Multiline)]
    private static partial Regex RoomUse();

    [GeneratedRegex(@"\.Add(Singleton|Scoped|Transient|HostedService)\b")]
    private static partial Regex Registration();

    [GeneratedRegex(@"\[LoggerMessage\((?:EventId = )?([0-9]+),")]
    private static partial Regex EventId();
}
