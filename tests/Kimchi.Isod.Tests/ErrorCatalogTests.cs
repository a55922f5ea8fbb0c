using Kimchi.Isod.Api;
using Kimchi.Isod.Contracts;
using Kimchi.Isod.Core.Errors;

namespace Kimchi.Isod.Tests;

public sealed class ErrorCatalogTests
{
    [TestCase(DownloadErrorKind.Unforeseen, "KCHSYS0001E", 500)]
    [TestCase(DownloadErrorKind.FieldInvalid, "KCHAPI0008E", 400)]
    [TestCase(DownloadErrorKind.NameInUse, "KCHVOL0001E", 400)]
    [TestCase(DownloadErrorKind.NameInvalid, "KCHVOL0013E", 400)]
    [TestCase(DownloadErrorKind.UrlInvalid, "KCHVOL0021E", 400)]
    [TestCase(DownloadErrorKind.RemoteUnreadable, "KCHVOL0022E", 400)]
    [TestCase(DownloadErrorKind.NotAnImage, "KCHDL0006E", 400)]
    [TestCase(DownloadErrorKind.PoolNotFound, "KCHPOOL0002E", 404)]
    [TestCase(DownloadErrorKind.PoolNotRunning, "KCHPOOL0006E", 400)]
    [TestCase(DownloadErrorKind.NoSpace, "KCHDL0001E", 400)]
    [TestCase(DownloadErrorKind.VolumeNotCreated, "KCHVOL0007E", 500)]
    [TestCase(DownloadErrorKind.VolumeLost, "KCHDL0007E", 400)]
    [TestCase(DownloadErrorKind.LibvirtUnreachable, "KCHLIB0001E", 503)]
    [TestCase(DownloadErrorKind.LibvirtBusy, "KCHLIB0002E", 503)]
    [TestCase(DownloadErrorKind.DownloadNotFound, "KCHDL0002E", 400)]
    [TestCase(DownloadErrorKind.NotOngoing, "KCHDL0003E", 400)]
    [TestCase(DownloadErrorKind.NotPaused, "KCHDL0005E", 400)]
    [TestCase(DownloadErrorKind.NotPausable, "KCHDL0004E", 400)]
    [TestCase(DownloadErrorKind.DownloadFailed, "KCHDL0007E", 400)]
    [TestCase(DownloadErrorKind.QueueFull, "KCHDL0009E", 429)]
    [TestCase(DownloadErrorKind.ChecksumInvalid, "KCHDL0008E", 400)]
    [TestCase(DownloadErrorKind.ChecksumMismatch, "KCHDL0007E", 400)]
    [TestCase(DownloadErrorKind.NotFailed, "KCHDL0010E", 400)]
    [TestCase(DownloadErrorKind.NotOver, "KCHDL0011E", 400)]
    [TestCase(DownloadErrorKind.ChecksumNotFound, "KCHDL0015E", 400)]
    [TestCase(DownloadErrorKind.SignatureInvalid, "KCHDL0012E", 400)]
    [TestCase(DownloadErrorKind.SignatureMismatch, "KCHDL0012E", 400)]
    [TestCase(DownloadErrorKind.MetalinkInvalid, "KCHDL0013E", 400)]
    [TestCase(DownloadErrorKind.EndUnproven, "KCHDL0016E", 400)]
    [TestCase(DownloadErrorKind.StoreFailed, "KCHSYS0001E", 500)]
    public void Kind_has_the_id_and_the_status_of_the_contract(DownloadErrorKind kind, string id, int status) =>
        Assert.That(ErrorCatalog.Find(kind), Is.EqualTo((id, status)));

    [Test]
    public void Every_kind_is_in_the_table_above()
    {
        var method = typeof(ErrorCatalogTests).GetMethod(nameof(Kind_has_the_id_and_the_status_of_the_contract))!;
        var tested = method.GetCustomAttributes(typeof(TestCaseAttribute), false).Cast<TestCaseAttribute>().Select(c => c.Arguments[0]);

        Assert.That(tested, Is.EquivalentTo(Enum.GetValues<DownloadErrorKind>()));
    }
}
