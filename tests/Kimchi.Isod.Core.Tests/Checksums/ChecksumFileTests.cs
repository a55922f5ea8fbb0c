using System.Text;
using Kimchi.Isod.Core.Checksums;
using Kimchi.Isod.Core.Errors;
using Kimchi.Isod.Core.Remote;
using Kimchi.Isod.Core.Tests.Fakes;

namespace Kimchi.Isod.Core.Tests.Checksums;

/// <summary>Lists of checksums as they are fetched.</summary>
public sealed class ChecksumFileTests
{
    private static readonly RemoteUrl List = RemoteUrl.Parse("https://host/SHA256SUMS");
    private static readonly RemoteUrl Image = RemoteUrl.Parse("https://host/é.iso");
    private static readonly string Digest = new('a', 64);

    // PowerShell writes UTF-16 with its mark.
    [TestCase("utf-8", false)]
    [TestCase("utf-8", true)]
    [TestCase("utf-16", true)]
    [TestCase("utf-16BE", true)]
    public async Task List_is_read_in_the_order_that_its_mark_tells(string encoding, bool hasMark)
    {
        var text = Encoding.GetEncoding(encoding);
        byte[] bytes = [.. hasMark ? text.GetPreamble() : [], .. text.GetBytes($"{Digest}  .\\dir\\é.iso\r\n")];

        var list = await FetchAsync(bytes, bytes.Length);

        Assert.That(list.Find(Image, "é.iso").Digest, Is.EqualTo(Digest));
    }

    [Test]
    public async Task List_that_is_too_long_is_none() => await Assert.ThatAsync(
        () => FetchAsync(new byte[11], 10),
        Throws.TypeOf<DownloadException>().With.Property("Kind").EqualTo(DownloadErrorKind.ChecksumInvalid).And.Message.Contains("more than 10 bytes"));

    private static async Task<ChecksumList> FetchAsync(byte[] content, int limit)
    {
        var bytes = await ChecksumFile.FetchAsync(new ScriptedSource(content), new RemoteRequest(List, null), limit, CancellationToken.None);
        return ChecksumList.Parse(List, ChecksumFile.Decode(bytes));
    }
}
