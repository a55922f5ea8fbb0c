using Kimchi.Isod.Fixtures;
using Kimchi.Isod.Fixtures.Wire;

namespace Kimchi.Isod.Integration.Tests.Cli;

/// <summary>Images whose signatures the daemon verifies, started and shown by the command line; the signatures are GnuPG's.</summary>
[Parallelizable(ParallelScope.Self)]
public sealed class CliSignatureTests : CliTest
{
    private readonly GpgHome _gpg = new();
    private readonly TemporaryDirectory _keyrings = new("keyrings");
    private string _folder = "";
    private string _fingerprint = "";

    [OneTimeSetUp]
    public async Task MakeKeysAsync()
    {
        await _gpg.MakeKeyAsync("Release Team");
        await _gpg.ExportAsync(_keyrings["team.gpg"], isArmored: false);
        _fingerprint = await _gpg.FingerprintAsync("Release Team");
        _folder = Path.Combine(Nginx.Root, $"signed-{Guid.NewGuid():N}");
        Directory.CreateDirectory(_folder);
    }

    [OneTimeTearDown]
    public void DeleteKeys()
    {
        _gpg.Dispose();
        _keyrings.Dispose();
    }

    [Test]
    public async Task Signed_list_and_signed_image_are_taken_and_shown_with_what_was_proven([Values] bool isList)
    {
        var daemon = await StartAsync(("trust:keyrings", _keyrings.Path), ("trust:require_signature", "ISO"));
        var (name, source) = NewSource();
        string[] signed = isList
            ? ["--checksum-url", await PublishListAsync(name, source), "--keyring", "team.gpg", "--fingerprint", _fingerprint]
            : ["--signature-url", await PublishSignatureAsync(name, source), "--keyring", "team.gpg"];

        var refused = await RunAsync(daemon, "download", Nginx.Url(name), "--name", name);
        await RunWellAsync(daemon, ["download", Nginx.Url(name), "--name", name, .. signed]);

        Assert.That(refused.Errors, Does.Contain("KCHAPI0008E").And.Contain("trust:require_signature"));
        AssertSame(name, source);
        var status = await RunWellAsync(daemon, "status", name);
        Assert.That(status, Does.Match($"(?m)^verified: +signature ed25519-sha(256|512) of .* by {_fingerprint} \\(Release Team\\)"));
        Assert.That(status.Contains("checksum sha256, from the list", StringComparison.Ordinal), Is.EqualTo(isList));
        Assert.That(await RunWellAsync(daemon, "list", "--all", "--long"), Does.Match($"(?m)^{name} .* signature{(isList ? ", checksum" : "")} +20"));
        Assert.That(daemon.Log, Does.Contain("has a good signature").And.Contain(_fingerprint));
    }

    [Test]
    public async Task List_that_is_not_what_was_signed_is_refused_before_the_image_is_asked_for()
    {
        var daemon = await StartAsync(("trust:keyrings", _keyrings.Path));
        var (name, source) = NewSource();
        var list = Path.Combine(_folder, $"{name}.SUMS");
        await PublishListAsync(name, source);
        File.WriteAllText(list, File.ReadAllText(list).Replace(name, "other.iso", StringComparison.Ordinal));
        await using var server = new WireServer(e => e.WriteAsync("HTTP/1.1 404 Not Found\r\nContent-Length: 0\r\n\r\n"));

        var result = await RunAsync(
            daemon, "download", new Uri(server.Address, name).AbsoluteUri, "--name", name, "--checksum-url", Url(list), "--keyring", "team.gpg");

        Assert.That(result.Errors, Does.Contain("KCHDL0012E: checksum_url: no signature is good").And.Contain(_fingerprint));
        Assert.That(server.ConnectionCount, Is.Zero);
        Assert.That(File.Exists(InPool(name)), Is.False);
    }

    [Test]
    public async Task Image_that_was_not_signed_is_never_published_not_even_after_a_crash()
    {
        var daemon = await StartAsync(("trust:keyrings", _keyrings.Path));
        var (name, source) = NewSource(12_000_000);
        var signature = await PublishSignatureAsync(name, source);
        TestFiles.WriteRandom(source, 12_000_000, seed: 2);
        await RunWellAsync(daemon, "download", Nginx.Url("slow/" + name), "--name", name, "--no-wait", "--signature-url", signature, "--keyring", "team.gpg");
        await daemon.Client.WaitForBytesAsync(name, 2_000_000);

        await daemon.KillAsync();
        await daemon.StartAsync();

        var failed = await daemon.Client.WaitForAsync(name, s => s.Id == "KCHDL0007E");
        Assert.That(failed.Text("reason"), Does.Contain("KCHDL0012E: the image is not the one that was signed"));
        Assert.That(File.Exists(InPool(name)), Is.False);
        Assert.That((await RunWellAsync(daemon, "status", name)), Does.Not.Contain("verified"));
    }

    private async Task<string> PublishListAsync(string name, string source)
    {
        var list = Path.Combine(_folder, $"{name}.SUMS");
        File.WriteAllText(list, ChildProcess.Run("sh", "-c", $"cd {Path.GetDirectoryName(source)} && sha256sum --tag {name}"));
        File.WriteAllBytes(list, await _gpg.SignAsync(list, "Release Team", "--clear-sign"));
        return Url(list);
    }

    private async Task<string> PublishSignatureAsync(string name, string source)
    {
        var signature = Path.Combine(_folder, $"{name}.sig");
        File.WriteAllBytes(signature, await _gpg.SignAsync(source, "Release Team", "--detach-sign"));
        return Url(signature);
    }

    private static string Url(string path) => Nginx.Url(Path.GetRelativePath(Nginx.Root, path));
}
