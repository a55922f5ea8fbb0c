using System.Net;
using Kimchi.Isod.Fixtures;
using Kimchi.Isod.Fixtures.Ftp;

namespace Kimchi.Isod.Integration.Tests.Ftp;

/// <summary>Logins, paths and refusals at the FTP servers that people run. Of TLS, those count in whose replies it makes a difference.</summary>
[TestFixture(FtpServer.Vsftpd, FtpServerTls.None)]
[TestFixture(FtpServer.Vsftpd, FtpServerTls.Explicit)]
[TestFixture(FtpServer.PureFtpd, FtpServerTls.None)]
[TestFixture(FtpServer.Proftpd, FtpServerTls.None)]
[TestFixture(FtpServer.Proftpd, FtpServerTls.Explicit)]
public sealed class FtpNameTests(string program, FtpServerTls tls) : FtpServerTest(program, tls)
{
    [Test]
    public async Task Login_of_the_request_is_used_and_shown_nowhere()
    {
        var daemon = await StartTrustingAsync(("log:level", "trace"));
        var name = NewName();
        var source = Server.AddFile(name, 100_000);

        var reply = await daemon.Client.CallAsync("", new { url = Server.Url(name), username = FtpServer.User, password = FtpServer.Password });
        Assert.That(reply.ToString(), Is.EqualTo($$"""200 {"name":"{{name}}"}"""));
        await daemon.Client.WaitUntilCompletedAsync(name);

        AssertSame(name, source);
        Assert.That(daemon.Log, Does.Not.Contain(FtpServer.Password));
        Assert.That(File.ReadAllText($"/proc/{daemon.Id}/cmdline"), Does.Not.Contain(FtpServer.Password));
    }

    [TestCase("wrong")]
    [TestCase("")]
    public async Task Refused_login_is_told_in_the_servers_words(string password)
    {
        var daemon = await StartTrustingAsync();

        var reply = await daemon.Client.StartAsync(Server.Url(Path.GetFileName(Server.AddFile(NewName(), 10)), password));

        AssertError(reply, 400, "KCHVOL0022E");
        Assert.That(reply.Body, Does.Contain("'530 ").And.Contain("user name and a password"));
    }

    [Test]
    public async Task Missing_file_is_told_in_the_servers_words()
    {
        var daemon = await StartTrustingAsync();

        foreach (var path in new[] { "no-such-file.iso", "no-such-directory/a.iso" })
        {
            var reply = await daemon.Client.StartAsync(Server.Url(path));
            AssertError(reply, 400, "KCHVOL0022E");
            Assert.That(reply.Body, Does.Contain("'550 "));
        }
    }

    [Test]
    public async Task Directory_and_empty_file_are_refused()
    {
        var daemon = await StartTrustingAsync();
        var (directory, empty) = (NewName(), NewName());
        Server.AddFile($"{directory}/inside", 10);
        Server.AddFile(empty, 0);

        AssertError(await daemon.Client.StartAsync(Server.Url($"{directory}/")), 400, "KCHDL0006E");
        AssertError(await daemon.Client.StartAsync(Server.Url(directory)), 400, "KCHVOL0022E");
        AssertError(await daemon.Client.StartAsync(Server.Url(empty)), 400, "KCHDL0006E");
        Assert.That(File.Exists(InPool(directory)) || File.Exists(InPool(empty)), Is.False);
    }

    [TestCase("a name with spaces ", "a%20name%20with%20spaces%20")]
    [TestCase("ISO/日本語 50%", "ISO/%E6%97%A5%E6%9C%AC%E8%AA%9E%2050%25")]
    public async Task Name_of_any_characters_is_found_and_kept(string file, string path)
    {
        var daemon = await StartTrustingAsync();
        var unique = NewName();
        (file, path) = (file + unique, path + unique);
        var source = Server.AddFile(file, 200_000);

        var reply = await daemon.Client.StartAsync(Server.Url(path, FtpServer.Password));
        Assert.That(reply.Status, Is.EqualTo(HttpStatusCode.OK), reply.Body);
        var name = reply.Text("name");
        await daemon.Client.WaitUntilCompletedAsync(name);

        Assert.That(name, Is.EqualTo(Path.GetFileName(file)));
        AssertSame(name, source);
        File.Delete(InPool(name));
    }

    [Test]
    public async Task Absolute_path_begins_at_the_servers_root()
    {
        var daemon = await StartTrustingAsync();
        var source = Server.AddFile(NewName(), 200_000);

        await DownloadAndCompareAsync(daemon, Server.Url($"%2F{source[1..]}", FtpServer.Password), source);
    }
}
