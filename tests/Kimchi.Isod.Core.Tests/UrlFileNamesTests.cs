using Kimchi.Isod.Core.Remote;

namespace Kimchi.Isod.Core.Tests;

/// <summary>The names that URLs give to files, and which of several is the best.</summary>
public sealed class UrlFileNamesTests
{
    [TestCase("https://host/a.iso", "a.iso")]
    [TestCase("https://host/v0/b/bucket/o/images%2Fdebian.iso?alt=media", "debian.iso")]
    [TestCase("https://host/dir%5Cdebian.iso", "debian.iso")]
    [TestCase("https://host/caf%E9.iso", "café.iso")]
    [TestCase("https://host/caf%C3%A9.iso", "café.iso")]
    [TestCase("https://host/100%25.iso", "100%.iso")]
    [TestCase("https://host/a%zz.iso", "a%zz.iso")]
    [TestCase("https://host/files/x.iso/download", "x.iso", "download")]
    [TestCase("https://host/files/x.iso/y.iso", "y.iso")]
    [TestCase("https://host/index.php?file=x.iso", "index.php", "x.iso")]
    [TestCase("https://host/get?id=3&File=dir/x.iso&name=y.img", "get", "x.iso", "y.img")]
    [TestCase("https://host/?download=x+y.iso", "x y.iso")]
    [TestCase("https://host/get?url=https%3A%2F%2Fother%2Fdir%2Fx.iso%3Fa", "get", "x.iso")]
    [TestCase("https://host/get?token=s3cret.iso&file=noextension&name=run.php", "get")]
    [TestCase("https://host/")]
    [TestCase("ftp://host/dir/a.iso;type=i", "a.iso")]
    [TestCase("ftp://host/%2Fsrv%2Fa.iso", "a.iso")]
    public void Url_gives_names(string url, params string[] names) => Assert.That(RemoteUrl.Parse(url).FileNames, Is.EqualTo(names));

    [TestCase("debian.iso", FileNameRank.Image)]
    [TestCase("debian.ISO", FileNameRank.Image)]
    [TestCase("debian.qcow2", FileNameRank.Image)]
    [TestCase("debian.raw.xz", FileNameRank.Image)]
    [TestCase("debian.tar.xz", FileNameRank.Other)]
    [TestCase("debian-12", FileNameRank.Other)]
    [TestCase(".iso", FileNameRank.Other)]
    [TestCase("get.php", FileNameRank.Generic)]
    [TestCase("Download", FileNameRank.Generic)]
    public void Name_is_ranked(string name, FileNameRank rank) => Assert.That(FileNameRanking.RankOf(name), Is.EqualTo(rank));

    [Test]
    public void Best_name_comes_first_and_equals_in_their_order() => Assert.That(
        FileNameRanking.BestFirst(["download", "b", "", "b.iso", "get.php", "a.iso", "b.iso", "a"]),
        Is.EqualTo(new[] { "b.iso", "a.iso", "b", "a", "download", "get.php" }));
}
