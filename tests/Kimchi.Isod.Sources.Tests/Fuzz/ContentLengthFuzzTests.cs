using CsCheck;
using Kimchi.Isod.Fixtures.Fuzz;
using Kimchi.Isod.Sources.Http;

namespace Kimchi.Isod.Sources.Tests.Fuzz;

public sealed class ContentLengthFuzzTests
{
    [Test]
    public void Any_text_is_a_length_or_none() => Texts.Any.Array[0, 3].Holds(
        values => ContentLengths.Parse(values) is var read
            && (read.Bytes is null or >= 0) && (read.IsUsable || read.Bytes is null) && (values.Length > 0 || read is { IsUsable: true, Bytes: null }),
        count: 20_000);

    [Test]
    public void One_length_many_times_counts_once_and_two_never_count() => Gen.Select(Gen.Long[0, long.MaxValue], Gen.Long[0, long.MaxValue], Gen.Int[1, 4], Gen.Bool).Holds(
        c =>
        {
            var (length, other, times, isList) = c;
            string[] same = [.. Enumerable.Repeat($"{length}", times)];
            string[] values = isList ? [string.Join(", ", same)] : same;
            return ContentLengths.Parse(values) == new ContentLengths(length, IsUsable: true)
                && (length == other || ContentLengths.Parse([.. values, $"{other}"]) == new ContentLengths(null, IsUsable: false));
        },
        count: 20_000);
}
