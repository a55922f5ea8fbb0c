using System.Text.Json.Serialization.Metadata;
using System.Text.RegularExpressions;
using Kimchi.Isod.Api;
using Kimchi.Isod.Contracts;
using Kimchi.Isod.Core.Errors;
using Kimchi.Isod.Fixtures;

namespace Kimchi.Isod.Tests;

/// <summary>kimchi-isod-api(7), which clients build on, beside the code.</summary>
public sealed class ApiManualTests
{
    private static readonly string Manual = Path.Combine(Repository.Root, "packaging", "man");
    private static readonly string Page = File.ReadAllText(Path.Combine(Manual, "kimchi-isod-api.7"));

    [Test]
    public void Table_of_errors_has_the_ids_of_the_code_and_no_others() =>
        Assert.That(Errors().Select(error => error.Id).Distinct(), Is.EquivalentTo(Ids()));

    [Test]
    public void Table_of_errors_has_the_statuses_of_the_code()
    {
        var statuses = Enum.GetValues<DownloadErrorKind>().Select(ErrorCatalog.Find).Distinct().ToList();

        Assert.That(statuses, Is.Not.Empty.And.SubsetOf(Errors()));
    }

    [Test]
    public void Ids_in_the_documents_are_those_of_the_code()
    {
        string[] documents = [Path.Combine(Repository.Root, "README.md"), .. Directory.GetFiles(Manual)];

        var named = documents.SelectMany(document => Regex.Matches(File.ReadAllText(document), @"KCH[A-Z]+\d+[A-Z]")).Select(id => id.Value).Distinct();

        Assert.That(named, Is.SubsetOf(Ids()));
    }

    [Test]
    public void Fields_of_a_download_are_those_of_the_code() =>
        Assert.That(Tags(WithoutLists(Section("THE DOWNLOAD OBJECT"))), Is.EquivalentTo(Fields(ApiJson.Wire.Download)));

    [Test]
    public void Statuses_of_a_download_are_those_of_the_code()
    {
        var list = Regex.Match(Section("THE DOWNLOAD OBJECT"), @"^\.B status\n\.RS\n(.*?)^\.RE\n", RegexOptions.Multiline | RegexOptions.Singleline);

        Assert.That(Tags(list.Groups[1].Value), Is.EquivalentTo(Constants(typeof(DownloadStatus))));
    }

    [Test]
    public void Fields_of_a_start_are_those_of_the_code() =>
        Assert.That(Tags(Section("STARTING A DOWNLOAD")), Is.EquivalentTo(Fields(ApiJson.Wire.StartDownloadRequest)));

    [Test]
    public void Events_are_those_of_the_code() => Assert.That(Tags(Section("EVENTS")), Is.EquivalentTo(Constants(typeof(EventNames))));

    // One for each status that an id comes with.
    private static IEnumerable<(string Id, int Status)> Errors() =>
        Regex.Matches(Section("ERRORS"), @"^\.TP\n\.BR (\S+) "" \(([\d, ]+)\)""\n", RegexOptions.Multiline)
            .SelectMany(row => row.Groups[2].Value.Split(", "), (row, status) => (row.Groups[1].Value, int.Parse(status)));

    private static IEnumerable<string> Ids() => Constants(typeof(MessageIds));

    private static IEnumerable<string> Constants(Type type) => type.GetFields().Select(field => (string)field.GetRawConstantValue()!);

    private static IEnumerable<string> Fields(JsonTypeInfo type) => type.Properties.Select(property => property.Name);

    private static string Section(string title)
    {
        var section = Regex.Match(Page, $@"^\.SH {title}\n(.*?)(?=^\.SH )", RegexOptions.Multiline | RegexOptions.Singleline);
        Assert.That(section.Success, title);
        return section.Groups[1].Value;
    }

    private static string WithoutLists(string text) => Regex.Replace(text, @"^\.RS\n.*?^\.RE\n", "", RegexOptions.Multiline | RegexOptions.Singleline);

    // What the paragraphs of a section describe: .B one, or .BR one ", " two.
    private static IEnumerable<string> Tags(string text) =>
        Regex.Matches(text, @"^\.TP\n\.BR? (.+)\n", RegexOptions.Multiline).SelectMany(tag => Regex.Matches(tag.Groups[1].Value, "[a-z_]+")).Select(word => word.Value);
}
