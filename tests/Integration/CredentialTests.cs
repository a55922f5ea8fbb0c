using Kimchi.Isod.Fixtures;

namespace Kimchi.Isod.Integration.Tests;

/// <summary>Secrets that systemd gives: LoadCredential of systemd.exec(5).</summary>
[Parallelizable(ParallelScope.Self)]
public sealed class CredentialTests : IsodTest
{
    [Test]
    public async Task Password_of_a_server_comes_from_the_credential_and_stays_out_of_the_state_store()
    {
        using var credentials = new TemporaryDirectory("credentials");
        await File.WriteAllTextAsync(credentials["netrc"], $"machine 127.0.0.1 login user password pass\n");
        var daemon = Prepare();
        daemon.Environment["CREDENTIALS_DIRECTORY"] = credentials.Path;
        await daemon.StartAsync();
        var name = NewName();
        var source = Nginx.AddFile(name, 1_000_000);

        var reply = await daemon.Client.CallAsync("", new { url = Nginx.Url("secret/" + name), name, start_paused = true });
        Assert.That((int)reply.Status, Is.EqualTo(200), reply.Body);
        var files = Directory.GetFiles(daemon.StateDirectory, "*.sqlite*");
        Assert.That(files, Is.Not.Empty);
        foreach (var file in files)
            Assert.That((await File.ReadAllBytesAsync(file)).AsSpan().IndexOf("userpass"u8), Is.EqualTo(-1), $"two columns of a row in {file}");
        await daemon.Client.ResumeAsync(name);
        await daemon.Client.WaitUntilCompletedAsync(name);

        AssertSame(name, source);
    }

    [Test]
    public async Task Key_of_the_configuration_comes_from_the_credential_of_its_name()
    {
        using var credentials = new TemporaryDirectory("credentials");
        await File.WriteAllTextAsync(credentials["network.proxy"], "http://user:s3cret@127.0.0.1:1/\n");
        var daemon = Prepare();
        daemon.Environment["CREDENTIALS_DIRECTORY"] = credentials.Path;
        await daemon.StartAsync();

        var reply = await daemon.Client.StartAsync("http://host.invalid/a.iso", NewName());

        AssertError(reply, 400, "KCHVOL0022E");
        Assert.That(reply.Body, Does.Contain("proxy 127.0.0.1:1").And.Not.Contain("s3cret"));
    }

    [Test]
    public async Task Bad_credential_is_told_without_its_secret()
    {
        using var credentials = new TemporaryDirectory("credentials");
        await File.WriteAllTextAsync(credentials["network.proxy"], "s3cret\n");
        var daemon = Prepare();
        daemon.Environment["CREDENTIALS_DIRECTORY"] = credentials.Path;
        daemon.StartWithoutWaiting();

        Assert.That(await daemon.WaitForExitAsync(), Is.EqualTo(78));
        Assert.That(daemon.Log, Does.Contain("credentials of systemd: network:proxy: the value is not usable").And.Not.Contain("s3cret"));
    }
}
