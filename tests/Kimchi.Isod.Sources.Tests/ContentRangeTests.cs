using Kimchi.Isod.Sources.Http;

namespace Kimchi.Isod.Sources.Tests;

public sealed class ContentRangeTests
{
    [TestCase("bytes 0-9/10", 0, 9, 10)]
    [TestCase("BYTES 3-3/4", 3, 3, 4)]
    [TestCase("bytes  5-9/* ", 5, 9, null)]
    [TestCase("bytes */0", null, null, 0)]
    [TestCase("bytes 0-9223372036854775805/9223372036854775806", 0, 9223372036854775805, 9223372036854775806)]
    public void Range_is_read(string text, long? from, long? to, long? total) =>
        Assert.That(ContentRange.Parse(text), Is.EqualTo(new ContentRange(from, to, total)));

    [TestCase(null)]
    [TestCase("")]
    [TestCase("bytes")]
    [TestCase("bytes=0-9/10")]
    [TestCase("bytes0-9/10")]
    [TestCase("lines 0-9/10")]
    [TestCase("bytes 0-9")]
    [TestCase("bytes 0-10/10")]
    [TestCase("bytes 9-0/10")]
    [TestCase("bytes -9/10")]
    [TestCase("bytes 0-/10")]
    [TestCase("bytes 0-9/-10")]
    [TestCase("bytes +0-9/10")]
    [TestCase("bytes 0-9/1 0")]
    [TestCase("bytes 0-9/10/11")]
    [TestCase("bytes */*")]
    [TestCase("bytes 0-99999999999999999999/*")]
    [TestCase("bytes 0-9223372036854775807/*")]
    public void Anything_else_is_none(string? text) => Assert.That(ContentRange.Parse(text), Is.Null);

    [Test]
    public void Random_ranges_come_back_as_they_were()
    {
        var random = new Random(1);
        for (var i = 0; i < 5000; i++)
        {
            var total = random.NextInt64(1, 1L << random.Next(1, 62));
            var from = random.NextInt64(0, total);
            var to = random.NextInt64(from, total);

            Assert.That(ContentRange.Parse($"bytes {from}-{to}/{total}"), Is.EqualTo(new ContentRange(from, to, total)));
        }
    }

    [Test]
    public void Random_text_never_throws_nor_gives_an_impossible_range()
    {
        var random = new Random(2);
        for (var i = 0; i < 20_000; i++)
        {
            var text = "bytes " + RandomText.Make(random, "0123456789-/* \t,bytes=");
            if (ContentRange.Parse(text) is not { From: { } from, To: { } to } range) continue;
            Assert.That(from, Is.InRange(0, to), text);
            Assert.That(range.Total, Is.Null.Or.GreaterThan(to), text);
        }
    }
}
