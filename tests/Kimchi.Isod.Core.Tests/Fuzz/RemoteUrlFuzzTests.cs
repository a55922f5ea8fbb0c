using CsCheck;
using Kimchi.Isod.Core.Errors;
using Kimchi.Isod.Core.Remote;
using Kimchi.Isod.Fixtures.Fuzz;

namespace Kimchi.Isod.Core.Tests.Fuzz;

public sealed class RemoteUrlFuzzTests
{
    private static readonly string[] Secrets = ["Us3rN4me", "Pa55w0rd", "T0kenInQu3ry", "T0kenInFr4gment"];

    private static readonly Gen<string> Valid = Gen.Select(
        Gen.OneOf("http://", "https://", "ftp://", "ftps://", "HTTP://"),
        Gen.OneOf("", "user@", "user:pass@", "u%40s:p%3Aw%2f@", ":p@", "ü:ö@"),
        Gen.OneOf("host", "host.example.org", "127.0.0.1", "[::1]", "[fe80::1%25eth0]", "bücher.example", "xn--bcher-kva.example", "0x7f.1", "a_b"),
        Gen.OneOf("", ":80", ":8443", ":0", ":65535", ":"),
        Gen.OneOf("", "/", "/a.iso", "/dir/a%20b.iso", "/%2Fabs/a.iso;type=i", "/../a.iso", "/日.iso", "/%ff%00.iso", "/a//b"),
        Gen.OneOf("", "?", "?a=b", "?X-Amz-Signature=1&b=%26", "#f", "?q#f"),
        (scheme, user, host, port, path, rest) => scheme + user + host + port + path + rest);

    private static readonly Gen<string> Urls = Gen.OneOf(
        Valid,
        Texts.Near(Valid),
        Texts.Any,
        Texts.Of("http", "ftp", ":", "//", "/", "\\", "@", "host", "[", "]", "::1", "%25", "%", "?", "#", ".", ":99999", "é"));

    // Each part may be malformed but the one with the secrets, of which nothing may be shown wherever they end up.
    private static readonly Gen<string> WithSecrets = Gen.Select(
        Gen.OneOf("", " ", "http", "https", "ftp", "ftps", "gopher", "file", "HTTPS", "ht tp", "1http", "http://http"),
        Gen.OneOf("://", ":", ":/", ":///", "//", "", ":\\\\", "::"),
        Gen.OneOf($"{Secrets[0]}:{Secrets[1]}@", $"{Secrets[0]}@", $":{Secrets[1]}@", $"{Secrets[0]}:{Secrets[1]}:x@", $"{Secrets[0]}%40x:{Secrets[1]}%2f@", ""),
        Gen.OneOf(Gen.OneOf("host", "127.0.0.1", "[::1]", "", "[", "a b", "é", "host:99999", "host:", "-", "%", "a..b"), Texts.Any.Where(HasNoMark)),
        Gen.OneOf("", "/", "/a.iso", "/a b", "/%", "/;type=i"),
        Gen.OneOf($"?k={Secrets[2]}", $"?next=http://x/&k={Secrets[2]}", $"#{Secrets[3]}", $"?{Secrets[2]}#{Secrets[3]}", $"?#?{Secrets[3]}"),
        (scheme, colon, user, host, path, rest) => scheme + colon + user + host + path + rest);

    [Test]
    public void Any_text_is_an_address_or_refused() => Urls.AreReadOrRefused(text => IsSound(RemoteUrl.Parse(text)), IsUrlInvalid, count: 40_000);

    [Test]
    public void Long_text_is_an_address_or_refused() => Texts.Long("http://h/", "a", "%", "%41", "/", "../", "?", "@", "é", ":", ".")
        .AreReadOrRefused(text => IsSound(RemoteUrl.Parse(text)), IsUrlInvalid, count: 200);

    // The state store keeps the address of a live download whole, and that of an ended one as it may be shown.
    [Test]
    public void Address_is_read_back_as_it_was_stored() => Urls.Holds(
        text =>
        {
            if (TryParse(text) is not { } url) return true;
            var live = RemoteUrl.Parse(url.Uri.AbsoluteUri);
            var ended = RemoteUrl.Parse(url.ToString());
            return live.Uri == url.Uri && live.ToString() == url.ToString() && live.Credentials is null
                && ended.ToString() == url.ToString() && ended.Port == url.Port;
        },
        count: 20_000);

    [Test]
    public void Nothing_secret_is_shown_of_any_address() => WithSecrets.Holds(
        text =>
        {
            try
            {
                var url = RemoteUrl.Parse(text);
                return !HasSecret(url.ToString()) && !HasSecret(url.Server) && !HasSecret($"{url.Credentials}")
                    // In FTP a '?' is part of a name.
                    && (!HasSecret(url.FileName) || url.Uri.Scheme == "ftp");
            }
            catch (DownloadException e)
            {
                return !HasSecret(e.ToString());
            }
        },
        count: 40_000);

    [Test]
    public void Credentials_come_back_as_they_were() => Gen.Select(Texts.Any, Texts.Any).Where((user, _) => user.Length > 0).Holds(
        c =>
        {
            var (user, password) = (Whole(c.Item1), Whole(c.Item2));
            var url = RemoteUrl.Parse($"ftp://{Uri.EscapeDataString(user)}:{Uri.EscapeDataString(password)}@host/a.iso");
            return url.Credentials == new Credentials(user, password);
        });

    private static bool IsSound(RemoteUrl url) => url.Uri.IdnHost.Length > 0 && url.Server.Length > 2 && url.Port is >= 0 and <= 65535
        && url.FileName.Length <= url.Uri.AbsoluteUri.Length;

    private static RemoteUrl? TryParse(string text)
    {
        try
        {
            return RemoteUrl.Parse(text);
        }
        catch (DownloadException)
        {
            return null;
        }
    }

    private static bool IsUrlInvalid(Exception e) => e is DownloadException { Kind: DownloadErrorKind.UrlInvalid };

    // A mark that ends the authority makes what was meant for a secret a part of the path.
    private static bool HasNoMark(string host) => host.AsSpan().IndexOfAny("@/\\?#") < 0;

    private static bool HasSecret(string shown) => Secrets.Any(secret => shown.Contains(secret, StringComparison.OrdinalIgnoreCase));

    private static string Whole(string text) => string.Concat(text.EnumerateRunes());
}
