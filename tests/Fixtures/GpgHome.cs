namespace Kimchi.Isod.Fixtures;

/// <summary>A GnuPG of a test's own, whose keys have no passphrase.</summary>
public sealed class GpgHome : IDisposable
{
    private readonly TemporaryDirectory _home = new("gpg");

    /// <summary>Makes a key.</summary>
    /// <param name="userId">Whose it is, and how it is called here.</param>
    /// <param name="algorithm">As gpg calls it, such as <c>rsa4096</c>.</param>
    /// <param name="usage">What the primary key may do.</param>
    /// <param name="expires">When it expires, as gpg writes that.</param>
    /// <param name="madeAt">When it is made; null for now.</param>
    public Task MakeKeyAsync(string userId, string algorithm = "ed25519", string usage = "sign", string expires = "0", string? madeAt = null) =>
        RunAsync(At(madeAt, "--quick-gen-key", userId, algorithm, usage, expires));

    /// <summary>Adds a subkey that signs.</summary>
    public async Task AddSubkeyAsync(string userId, string algorithm) =>
        await RunAsync("--quick-add-key", await FingerprintAsync(userId), algorithm, "sign", "0");

    /// <summary>Revokes a key, by the certificate that gpg has made for that.</summary>
    public async Task RevokeAsync(string userId)
    {
        var certificate = _home[$"openpgp-revocs.d/{await FingerprintAsync(userId)}.rev"];
        // A colon keeps it from being imported by mistake.
        File.WriteAllText(certificate, File.ReadAllText(certificate).Replace(":-----", "-----", StringComparison.Ordinal));
        await RunAsync("--import", certificate);
    }

    /// <summary>The fingerprint of a primary key.</summary>
    public async Task<string> FingerprintAsync(string userId) =>
        (await RunAsync("--with-colons", "--list-keys", userId)).Split('\n').First(line => line.StartsWith("fpr:", StringComparison.Ordinal)).Split(':')[9];

    /// <summary>Writes keys into a keyring.</summary>
    public Task ExportAsync(string path, bool isArmored, params string[] userIds) =>
        RunAsync([.. isArmored ? ["--armor"] : (string[])[], "--output", path, "--export", .. userIds]);

    /// <summary>Signs a file.</summary>
    /// <param name="file">The file.</param>
    /// <param name="userId">By whose key.</param>
    /// <param name="how">Such as <c>--detach-sign</c>, with options before it.</param>
    /// <returns>What gpg has made.</returns>
    public async Task<byte[]> SignAsync(string file, string userId, params string[] how)
    {
        var made = _home["made"];
        File.Delete(made);
        await RunAsync([.. At(null, "--output", made, "--local-user", userId), .. how, file]);
        return await File.ReadAllBytesAsync(made);
    }

    /// <summary>Runs gpg.</summary>
    /// <returns>What it has printed.</returns>
    public async Task<string> RunAsync(params string[] arguments)
    {
        var result = await Tool.RunAsync(
            "gpg", ["--batch", "--no-tty", "--quiet", "--pinentry-mode", "loopback", "--passphrase", "", "--no-auto-check-trustdb", .. arguments], "", ("GNUPGHOME", _home.Path));
        return result.ExitCode == 0 ? result.Output : throw new InvalidOperationException($"gpg {string.Join(' ', arguments)}: {result.Errors}");
    }

    /// <summary>Ends its agent, and deletes its keys.</summary>
    public void Dispose()
    {
        Tool.RunAsync("gpgconf", ["--homedir", _home.Path, "--kill", "all"]).GetAwaiter().GetResult();
        _home.Dispose();
    }

    private static string[] At(string? time, params string[] arguments) => time is null ? arguments : ["--faked-system-time", time, .. arguments];
}
