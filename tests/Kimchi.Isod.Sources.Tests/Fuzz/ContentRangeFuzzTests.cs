using System.Globalization;
using System.Numerics;
using CsCheck;
using Kimchi.Isod.Fixtures.Fuzz;
using Kimchi.Isod.Sources.Http;

namespace Kimchi.Isod.Sources.Tests.Fuzz;

public sealed class ContentRangeFuzzTests
{
    // Beyond what a long holds, too.
    private static readonly Gen<BigInteger> Numbers = Gen.OneOf(
        Gen.Long[0, 20].Select(n => (BigInteger)n),
        Gen.Long[0, long.MaxValue].Select(n => (BigInteger)n),
        Gen.Int[-3, 3].Select(n => (BigInteger)long.MaxValue + n),
        Gen.Int[-3, 3].Select(n => (BigInteger)ulong.MaxValue + n),
        Gen.Int[1, 60].Select(digits => BigInteger.Pow(10, digits)));

    private static readonly Gen<string> Valid = Gen.OneOf("bytes 0-9/10", "bytes 5-9/*", "bytes */10", "Bytes\t0-0/1", "bytes 9223372036854775806-9223372036854775806/*");

    [Test]
    public void Any_text_is_a_consistent_range_or_none() => Gen.OneOf(
            Texts.Near(Valid), Texts.Any, Texts.Of("bytes", " ", "\t", "-", "/", "*", "0", "1", "9223372036854775807", "99999999999999999999", "+", "٣", "e"))
        .AreRead(IsConsistentOrNone, count: 40_000);

    [Test]
    public void Long_text_is_read() => Texts.Long("bytes ", "0", "9", "-", "/", " ", "*").AreRead(IsConsistentOrNone, count: 200);

    [Test]
    public void Range_is_read_if_its_numbers_are_sizes_of_files() => Gen.Select(Numbers, Numbers, Gen.OneOf(Numbers.Select(n => (BigInteger?)n), Gen.Const((BigInteger?)null)))
        .Holds(
            c =>
            {
                var (from, to, total) = c;
                var isGood = from <= to && to < long.MaxValue && !(to >= total) && !(total > long.MaxValue);
                var expected = isGood ? new ContentRange((long)from, (long)to, (long?)total) : null;
                return ContentRange.Parse(string.Create(CultureInfo.InvariantCulture, $"bytes {from}-{to}/{(total is { } t ? t : "*")}")) == expected;
            },
            count: 40_000);

    // The arithmetic that is done with it must not overflow.
    private static bool IsConsistentOrNone(string text) => ContentRange.Parse(text) is not { } range
        || range is { From: null, To: null, Total: >= 0 }
        || (range is { From: >= 0 and var from, To: { } to } && from <= to && checked(to - from + 1) > 0 && checked(to + 1) > 0 && !(range.Total <= to));
}
