using Kimchi.Isod.Core.Errors;
using Kimchi.Isod.Core.Signatures;
using Kimchi.Isod.Fixtures;

namespace Kimchi.Isod.Signatures.Tests.Making;

/// <summary>Asks for our judgement of a file, a signature and a keyring, and for GnuPG's and Sequoia's.</summary>
internal sealed class Judgement : IDisposable
{
    public const string Keyring = "keyring.gpg";
    public const string Good = "good";

    private readonly TemporaryDirectory _folder = new("keyring");

    public Judgement(byte[] keyring)
    {
        File.WriteAllBytes(_folder[Keyring], keyring);
        Verifier = new OpenPgpVerifier(_folder.Path, TimeProvider.System);
    }

    public OpenPgpVerifier Verifier { get; }

    /// <summary>Ours: that it is good, or why it is not.</summary>
    public string Ours(byte[] content, byte[] signature, string? fingerprint = null)
    {
        try
        {
            Verifier.Verify(content, signature, new SignatureDemand(Keyring, fingerprint));
            return Good;
        }
        catch (DownloadException e) when (e.Kind is DownloadErrorKind.SignatureInvalid)
        {
            return e.Message;
        }
    }

    /// <summary>GnuPG's: the words of its status that judge, and its exit code.</summary>
    public async Task<string> GpgvAsync(byte[] content, byte[] signature)
    {
        var (file, name) = Write(content, signature);
        var result = await Tool.RunAsync("gpgv", ["--status-fd", "1", "--keyring", _folder[Keyring], name, file], "", ("GNUPGHOME", _folder.Path));
        string[] words = ["GOODSIG", "BADSIG", "ERRSIG", "EXPSIG", "EXPKEYSIG", "REVKEYSIG"];
        var said = result.Output.Split('\n').Select(line => line.Split(' ')).Where(w => w.Length > 1 && words.Contains(w[1])).Select(w => w[1]).Distinct();
        return $"{string.Join('+', said)} {result.ExitCode}".Trim();
    }

    /// <summary>Sequoia's: its exit code is the judgement.</summary>
    public async Task<bool> SqvAsync(byte[] content, byte[] signature)
    {
        var (file, name) = Write(content, signature);
        return (await Tool.RunAsync("sqv", ["--keyring", _folder[Keyring], name, file])).ExitCode == 0;
    }

    public void Dispose() => _folder.Dispose();

    private (string File, string Signature) Write(byte[] content, byte[] signature)
    {
        File.WriteAllBytes(_folder["content"], content);
        File.WriteAllBytes(_folder["content.sig"], signature);
        return (_folder["content"], _folder["content.sig"]);
    }
}
