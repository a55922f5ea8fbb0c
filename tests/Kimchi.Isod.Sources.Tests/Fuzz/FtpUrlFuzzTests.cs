using System.Net;
using CsCheck;
using CurlSharp.Errors;
using Kimchi.Isod.Core.Errors;
using Kimchi.Isod.Core.Remote;
using Kimchi.Isod.Fixtures.Fuzz;
using Kimchi.Isod.Sources.Ftp;

namespace Kimchi.Isod.Sources.Tests.Fuzz;

public sealed class FtpUrlFuzzTests
{
    private static readonly Gen<string> Urls = Gen.Select(
        Gen.OneOf("ftp://", "ftps://"),
        Gen.OneOf("", "user@", "us%0d%0aer:p%00@"),
        Gen.OneOf("host", "127.0.0.1", "[::1]", "[fe80::1%25eth0]", "bücher.example", "host:2121"),
        Gen.OneOf(Texts.Any, Texts.Of("a.iso", "/", "%2F", "%2f", ";type=", "i", "I", "a", ";", "%0d%0a", "%00", "%", "?", "..", "%2e%2e", "é", "*", " ")),
        (scheme, user, host, path) => $"{scheme}{user}{host}/{path}");

    [Test]
    public void Any_address_is_one_for_libcurl_or_refused() => Texts.Near(Urls).AreReadOrRefused(
        text =>
        {
            var url = new FtpUrl(RemoteUrl.Parse(text));
            // A line end would be a command of its own.
            return url.FileName.Length > 0 && !url.FileName.Any(char.IsControl)
                && url.ForTransfer("ftp").All(c => c is > ' ' and < '\u007f')
                && url.ResolveTo([IPAddress.Loopback, IPAddress.IPv6Loopback]).EndsWith("127.0.0.1,[::1]", StringComparison.Ordinal);
        },
        e => e is DownloadException { Kind: DownloadErrorKind.UrlInvalid or DownloadErrorKind.NotAnImage },
        count: 30_000);

    // Servers repeat what they were told, in whatever case, as often as they like, and in the middle of anything.
    [Test]
    public void Login_is_never_shown_however_the_server_repeats_it() => Gen.Select(
            Gen.OneOf("Us3rN4me", "Ü5er#@$"), Gen.OneOf("Pa55w0rd", "päß:/ x"), Gen.OneOf("", "530 ", "530-", "421 "),
            Gen.OneOf(Texts.Any, Gen.Int[200, 320].Select(length => new string('x', length))), Gen.Bool)
        .Holds(
            c =>
            {
                var login = new Credentials(c.Item1, c.Item2);
                var echo = c.Item5 ? $"{login.Password} {login.UserName}".ToUpperInvariant() : $"{login.UserName}/{login.Password}";
                var dialogue = new FtpDialogue();
                dialogue.Sent("PASS x\r\n"u8);
                dialogue.Received(System.Text.Encoding.UTF8.GetBytes($"530 {c.Item4}{echo}\r\n"));
                var end = new FtpEnd(CurlCode.LoginDenied, $"Access denied: {c.Item3}{echo}", 0, 0);
                var failures = new FtpFailures(RemoteUrl.Parse("ftp://host/a.iso"), login, dialogue, new NetworkOptions());
                return !HasPartOf(login, failures.AtOpening(end).Message) && !HasPartOf(login, failures.InTransfer(end, 5, null).Message);
            },
            count: 20_000);

    // Not its first half either, where a text is cut.
    private static bool HasPartOf(Credentials login, string message) => new[] { login.UserName, login.Password }
        .Any(secret => message.Contains(secret[..((secret.Length + 1) / 2)], StringComparison.OrdinalIgnoreCase));
}
