using System.Globalization;
using System.Net;
using CsCheck;
using Kimchi.Isod.Core.Remote;
using Kimchi.Isod.Fixtures.Fuzz;
using Kimchi.Isod.Sources.Http;

namespace Kimchi.Isod.Sources.Tests.Fuzz;

/// <summary>What the dates of a reply prove: RFC 9110, section 8.8.2.2, in each format of section 5.6.7.</summary>
public sealed class ReplyVersionFuzzTests
{
    private static readonly long First = Seconds(1980);

    private static readonly Gen<long> Times = Gen.Long[First, Seconds(2040) - 1];

    // As close as it matters, and as far apart as clocks that are wrong.
    private static readonly Gen<long> Ages = Gen.OneOf(Gen.Long[-3, 3], Gen.Long[-100_000, 100_000], Gen.Long[-1_000_000_000, 1_000_000_000]);

    private static readonly Gen<Func<long, string>> Formats = Gen.OneOf<Func<long, string>>(
        time => Write(time, "ddd, dd MMM yyyy HH:mm:ss 'GMT'"),
        time => Write(time, "dddd, dd-MMM-yy HH:mm:ss 'GMT'"),
        time => Write(time, "ddd MMM ") + Write(time, "%d").PadLeft(2) + Write(time, " HH:mm:ss yyyy"));

    private static readonly Gen<string?> NoDates = Gen.OneOf<string?>(
        null, "", "0", "-1", "yesterday", "1793700000", "2026-11-03T10:00:00Z", "Tue, 32 Nov 2026 10:00:00 GMT", "Tue, 03 Nov 2026 24:00:00 GMT",
        "Tue, 03 Nov 2026 10:00:60 GMT", "Wed, 03 Nov 2026 10:00:00 GMT", "Tue, 03 Nov 2026 10:00:00 CET", "Tue, 03 Nov 2026", "Tue, 03 Nov 2026 10:00:00 GMT, Tue, 03 Nov 2026 10:00:00 GMT");

    [Test]
    public void Date_is_strong_if_the_reply_was_made_a_second_later_whatever_the_formats() => Gen.Select(Times, Ages, Formats, Formats)
        .Where(c => c.Item1 + c.Item2 >= First && c.Item1 + c.Item2 < Seconds(2040))
        .Holds(
            c =>
            {
                var (modified, age, writeModified, writeMade) = c;
                var version = Read([writeModified(modified)], [writeMade(modified + age)]);
                return version == new Validator(null, DateTimeOffset.FromUnixTimeSeconds(modified), null, IsDateStrong: age >= 1) && version.IsStrong == (age >= 1);
            },
            count: 20_000);

    [Test]
    public void Date_beside_one_that_is_missing_or_none_is_never_strong() => Gen.Select(Times, Formats, NoDates, NoDates).Holds(
        c =>
        {
            var date = c.Item2(c.Item1);
            return !Read([date], Values(c.Item3)).IsStrong && !Read(Values(c.Item3), [date]).IsStrong && !Read(Values(c.Item3), Values(c.Item4)).IsStrong;
        },
        count: 5000);

    [Test]
    public void Date_that_is_there_twice_counts_once_or_not_at_all() => Gen.Select(Times, Gen.Long[1, 1000], Gen.Long[0, 2], Gen.Bool).Holds(
        c =>
        {
            var (modified, age, between, isModified) = c;
            var (first, second, made) = (Imf(modified), Imf(modified - between), Imf(modified + age));
            var version = isModified ? Read([first, second], [made]) : Read([second], [made, Imf(modified + age + between)]);
            return version.IsStrong == (between == 0);
        },
        count: 5000);

    [Test]
    public void Any_text_is_a_date_or_none() => Gen.Select(Texts.Near(Times.Select(Imf)), Texts.Near(Times.Select(Imf))).Holds(
        c => Read([HeaderText(c.Item1)], [HeaderText(c.Item2)]) is var version && (!version.IsStrong || version.LastModified is not null),
        count: 20_000);

    private static string Imf(long time) => Write(time, "ddd, dd MMM yyyy HH:mm:ss 'GMT'");

    private static string Write(long time, string format) => DateTimeOffset.FromUnixTimeSeconds(time).ToString(format, CultureInfo.InvariantCulture);

    private static long Seconds(int year) => new DateTimeOffset(year, 1, 1, 0, 0, 0, TimeSpan.Zero).ToUnixTimeSeconds();

    private static string HeaderText(string text) => new([.. string.Concat(text.EnumerateRunes()).Where(c => c >= ' ' || c == '\t')]);

    private static string[] Values(string? value) => value is null ? [] : [value];

    private static Validator Read(string[] modified, string[] made)
    {
        using var response = new HttpResponseMessage(HttpStatusCode.OK) { Content = new ByteArrayContent([]) };
        response.Content.Headers.TryAddWithoutValidation("Last-Modified", modified);
        response.Headers.TryAddWithoutValidation("Date", made);
        return ReplyVersion.Read(response, null);
    }
}
