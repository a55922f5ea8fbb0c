using Kimchi.Isod.Sources.Http;

namespace Kimchi.Isod.Sources.Tests;

public sealed class ContentDispositionTests
{
    [TestCase("attachment; filename=a.iso", "a.iso")]
    [TestCase("attachment;filename=a.iso;size=5", "a.iso")]
    [TestCase("ATTACHMENT; FileName = a.iso", "a.iso")]
    [TestCase("inline; filename=\"a b.iso\"", "a b.iso")]
    [TestCase("attachment; filename=a b.iso", "a b.iso")]
    [TestCase("attachment; filename=\"a;b=c.iso\"; x=y", "a;b=c.iso")]
    [TestCase("attachment; filename=\"f\\oo \\\"q\\\".iso\"", "foo \"q\".iso")]
    [TestCase("attachment; filename=\"unterminated.iso", "unterminated.iso")]
    [TestCase("filename=a.iso", "a.iso")]
    [TestCase("attachment; filename=日本.iso", "日本.iso")]
    [TestCase("attachment; filename=\"日本.iso\"", "日本.iso")]
    [TestCase("attachment; filename=\"/etc/a.iso\"", "a.iso")]
    [TestCase("attachment; filename=\"../../a.iso\"", "a.iso")]
    [TestCase("attachment; filename=\"C:\\\\dir\\\\a.iso\"", "a.iso")]
    [TestCase("attachment; filename=a.iso; filename=b.iso", "a.iso")]
    [TestCase("attachment; xfilename=b.iso; filename=a.iso", "a.iso")]
    [TestCase("attachment; foo=\"; filename=b.iso;\"; filename=a.iso", "a.iso")]
    [TestCase("attachment; filename*=UTF-8''%e2%82%ac%20rates.iso", "€ rates.iso")]
    [TestCase("attachment; filename*=utf-8'en'a.iso", "a.iso")]
    [TestCase("attachment; filename*=iso-8859-1''%A3.iso", "£.iso")]
    [TestCase("attachment; filename*=UTF-8''..%2F..%2Fa.iso", "a.iso")]
    [TestCase("attachment; filename=b.iso; filename*=UTF-8''a.iso", "a.iso", "b.iso")]
    [TestCase("attachment; filename*=UTF-8''a.iso; filename=b.iso", "a.iso", "b.iso")]
    [TestCase("attachment; filename*=UTF-8''%ff.iso; filename=b.iso", "b.iso")]
    [TestCase("attachment; filename*=UTF-8''%4; filename=b.iso", "b.iso")]
    [TestCase("attachment; filename*=UTF-8''%+1.iso; filename=b.iso", "b.iso")]
    [TestCase("attachment; filename*=koi8-r''a.iso; filename=b.iso", "b.iso")]
    [TestCase("attachment; filename*=a.iso; filename=b.iso", "b.iso")]
    [TestCase("attachment; filename=\"caf\u00e9.iso\"", "caf\u00e9.iso")]
    [TestCase("attachment; filename=\"caf\u00c3\u00a9.iso\"", "caf\u00e9.iso")]
    [TestCase("attachment; filename=voil\u00c3\u00a0", "voil\u00e0")]
    [TestCase("attachment; filename=\u00c3\u0085.iso; x=\u00c3\u0085", "\u00c5.iso")]
    [TestCase("attachment; filename=\"=?UTF-8?B?ZGViaWFuLmlzbw==?=\"", "debian.iso")]
    [TestCase("attachment; filename==?utf-8?b?ZGViaWFuLmlzbw?=", "debian.iso")]
    [TestCase("attachment; filename=\"=?UTF-8?Q?caf=C3=A9_1.iso?=\"", "caf\u00e9 1.iso")]
    [TestCase("attachment; filename=\"=?ISO-8859-1*en?Q?caf=E9.iso?=\"", "caf\u00e9.iso")]
    [TestCase("attachment; filename=\"=?UTF-8?B?Y2Fmww==?= =?UTF-8?B?qS5pc28=?=\"", "caf\u00e9.iso")]
    [TestCase("attachment; filename=\"a =?UTF-8?Q?b?= c =?UTF-8?Q?.iso?=\"", "a b c .iso")]
    [TestCase("attachment; filename=\"=?UTF-8?B?ZGlyL2RlYmlhbi5pc28=?=\"", "debian.iso")]
    [TestCase("attachment; filename=\"=?koi8-r?B?ZGViaWFuLmlzbw==?=\"", "=?koi8-r?B?ZGViaWFuLmlzbw==?=")]
    [TestCase("attachment; filename=\"=?UTF-8?B?*?=.iso\"", "=?UTF-8?B?*?=.iso")]
    [TestCase("attachment; filename=\"=?UTF-8?Q?=zz?=.iso\"", "=?UTF-8?Q?=zz?=.iso")]
    [TestCase("attachment; filename=\"a=?b?=.iso\"", "a=?b?=.iso")]
    [TestCase("attachment")]
    [TestCase("attachment; filename")]
    [TestCase("attachment; filename=")]
    [TestCase("attachment; filename=\"\"")]
    [TestCase("attachment; filename=\"dir/\"")]
    [TestCase("")]
    [TestCase(null)]
    public void Names_are_read(string? header, params string[] names) =>
        Assert.That(ContentDisposition.FileNames(header), Is.EqualTo(names));

    [Test]
    public void Random_names_come_back_as_they_were()
    {
        var random = new Random(3);
        for (var i = 0; i < 3000; i++)
        {
            var name = "x" + string.Concat(RandomText.Make(random, "ab .;=%'\"日€*").Where(c => c is not ('/' or '\\') && !char.IsSurrogate(c))).Trim() + "x";
            var quoted = name.Replace("\"", "\\\"", StringComparison.Ordinal);

            Assert.That(ContentDisposition.FileNames($"attachment; filename=\"{quoted}\""), Is.EqualTo(new[] { name }));
            Assert.That(ContentDisposition.FileNames($"a; filename*=UTF-8''{Uri.EscapeDataString(name)}"), Is.EqualTo(new[] { name }));
        }
    }

    [Test]
    public void Random_headers_never_throw_nor_give_a_path()
    {
        var random = new Random(4);
        string[] starts = ["", "attachment; ", "attachment; filename=", "a; filename=\"", "a;filename*=UTF-8''", "a;filename*="];
        for (var i = 0; i < 20_000; i++)
        {
            var header = starts[random.Next(starts.Length)] + RandomText.Make(random, "filename*=\"\\;/%4fUTF-8' .");

            foreach (var name in ContentDisposition.FileNames(header))
            {
                Assert.That(name, Is.Not.Empty, header);
                Assert.That(name.AsSpan().IndexOfAny('/', '\\'), Is.Negative, header);
            }
        }
    }
}
