using System.Text;
using CsCheck;
using Kimchi.Isod.Fixtures.Fuzz;
using Kimchi.Isod.Sources.Http;

namespace Kimchi.Isod.Sources.Tests.Fuzz;

public sealed class ContentDispositionFuzzTests
{
    private static readonly Gen<string> Valid = Gen.OneOf(
        "attachment; filename=a.iso", "attachment; filename=\"a b\\\"c.iso\"; size=5", "inline; filename*=UTF-8'en'%e2%82%ac%20rates.iso",
        "attachment; filename=b.iso; filename*=iso-8859-1''%A3.iso", "form-data; name=x; filename=\"..\\\\..\\\\a.iso\"");

    private static readonly Gen<string> Headers = Gen.OneOf(
        Valid,
        Texts.Near(Valid),
        Texts.Any,
        Texts.Of("attachment", ";", "filename", "*", "=", "\"", "\\", "UTF-8''", "iso-8859-1'en'", "'", "%", "%2F", "%ff", "%00", "a.iso", "/", " ", ".."));

    // Names that a header can carry: white space around them is not the name's, and what stands before a slash is a folder.
    private static readonly Gen<string> Names = Texts.Any.Select(Plain).Where(name => name.Length > 0);

    [Test]
    public void Names_of_any_header_have_no_folder_and_something_to_them() => Headers.Holds(
        header => ContentDisposition.FileNames(header).All(name => name.Length > 0 && name == name.Trim() && name.AsSpan().IndexOfAny('/', '\\') < 0),
        count: 40_000);

    [Test]
    public void Any_header_is_read() => Headers.AreRead(header => ContentDisposition.FileNames(header).Count() <= 2, count: 20_000);

    [Test]
    public void Long_header_is_read() => Texts.Long("filename=", "filename*=", "\"", "\\", ";", "=", "%", "%41", "'", " ", "UTF-8''")
        .AreRead(header => ContentDisposition.FileNames(header).Count() <= 2, count: 200);

    [Test]
    public void Name_comes_back_from_each_of_its_forms() => Names.Holds(
        name =>
        {
            var extended = $"filename*=UTF-8''{Uri.EscapeDataString(name)}";
            var quoted = $"filename=\"{Raw(name).Replace("\"", "\\\"", StringComparison.Ordinal)}\"";
            return Read($"attachment; {extended}") == name && Read($"attachment; {quoted}") == name
                && Read($"attachment; filename=\"other\"; {extended}") == name && Read($"a;{extended.ToUpperInvariant()[..10]}{extended[10..]}") == name;
        },
        count: 20_000);

    [Test]
    public void Latin_name_comes_back_from_its_percents() => Gen.Byte.Array[1, 20].Select(bytes => Encoding.Latin1.GetString(bytes))
        .Where(name => Plain(name) == name && name.Length > 0).Holds(
            name => Read("a; filename*=ISO-8859-1''" + string.Concat(Encoding.Latin1.GetBytes(name).Select(b => $"%{b:X2}"))) == name);

    // As it comes: a character for each byte.
    private static string Raw(string text) => Encoding.Latin1.GetString(Encoding.UTF8.GetBytes(text));

    private static string? Read(string header) => ContentDisposition.FileNames(header).FirstOrDefault();

    private static string Plain(string text) => string.Concat(text.EnumerateRunes())
        .Replace("/", "", StringComparison.Ordinal).Replace("\\", "", StringComparison.Ordinal).Trim();
}
