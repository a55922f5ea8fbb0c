using System.Globalization;
using System.Runtime.InteropServices;
using CurlSharp.Errors;
using Kimchi.Isod.Core.Errors;
using Kimchi.Isod.Core.Remote;
using Kimchi.Isod.Sources.Network;

namespace Kimchi.Isod.Sources.Ftp;

/// <summary>Why a transfer failed, in the user's and the server's words, and whether trying again can help: yes after 4yz, no after
/// 5yz (RFC 959, section 4.2.1).</summary>
internal sealed class FtpFailures(RemoteUrl url, Credentials? credentials, FtpDialogue dialogue, NetworkOptions options)
{
    private const int LongestText = 300;

    /// <summary>The file could not be opened.</summary>
    public DownloadException AtOpening(FtpEnd end) => Refusal(end) ?? end.Code switch
    {
        CurlCode.PeerFailedVerification => Permanent(CertificateFault(end)),
        CurlCode.UseSslFailed => Permanent(
            $"{url.Server} has no TLS, which was asked for (an ftps URL, or network:ftp_tls = require){Said()}"),
        CurlCode.SslConnectError => TlsFailed(end),
        CurlCode.CouldNotConnect => Transient($"no connection to {url.Server}: {SystemWords(end)}"),
        CurlCode.OperationTimedOut => TimedOut(end),
        CurlCode.WeirdServerReply or CurlCode.FtpWeirdPasvReply => Permanent(
            $"what {url.Server} answers is not usable FTP: {end.Text}; check the scheme and the port{Said()}"),
        CurlCode.Proxy or CurlCode.CouldNotResolveProxy => ProxyFailed(end),
        _ when end.Text.Contains("CONNECT", StringComparison.Ordinal) => ProxyFailed(end),
        _ when TlsFault.Find(end.Text) is not null => TlsFailed(end),
        CurlCode.UnsupportedProtocol => Permanent("the libcurl of this machine was built without FTP or TLS; install the distribution's"),
        CurlCode.UrlMalformed or CurlCode.SslCaCertBadFile => Permanent(end.Text),
        _ => Transient($"the connection to {url.Server} failed: {Words(end)}"),
    };

    /// <summary>The transfer broke, or did not end as it should.</summary>
    public DownloadException InTransfer(FtpEnd end, long position, long? size) => Refusal(end, $" at byte {position}") ?? Transient(
        $"the transfer ended at byte {position} of {size?.ToString(CultureInfo.InvariantCulture) ?? "an unknown number"}: {Words(end)}");

    /// <summary>The server says that the file is empty.</summary>
    public DownloadException Empty() => new(DownloadErrorKind.NotAnImage, $"{url}: the file is empty");

    private DownloadException? Refusal(FtpEnd end, string where = "")
    {
        if (end.Code is CurlCode.UseSslFailed || FindRefusal(end) is not { } reply) return null;
        var what = $"{url.Server} answered '{Scrub(reply.ToString())}'{To(reply)}{where}{Advice(end, reply)}";
        if (reply.IsTransientRefusal) return Transient(what);
        return reply.Code == 550 ? Permanent(what).Absent() : Permanent(what);
    }

    // A server that refuses RETR may cut a data connection off that waits for its TLS, and libcurl then never reads why (proftpd). What it
    // said to SIZE before is the same.
    private FtpReply? FindRefusal(FtpEnd end) =>
        dialogue.LastReply is { } last && (last.IsTransientRefusal || last.IsPermanentRefusal) ? last
        : end.Code is CurlCode.SslConnectError && !dialogue.IsSending ? dialogue.SizeRefusal
        : null;

    private string Advice(FtpEnd end, FtpReply reply) => (end.Code, reply.Code) switch
    {
        (CurlCode.LoginDenied, _) or (_, 530 or 532) => credentials is null
            ? "; it does not let anybody in: give a user name and a password"
            : "; give a user name and a password that it accepts",
        (_, 550) => "; check the URL: is there such a file, and may this user read it? A path is relative to the login's directory, absolute with %2F",
        _ => "",
    };

    private static string To(FtpReply reply) => reply.Command.Length > 0 ? $" to {reply.Command}" : "";

    // The words of libcurl for a tunnel: "CONNECT tunnel failed, response 407", before 7.85 "Received HTTP code 407 from proxy after CONNECT".
    private DownloadException ProxyFailed(FtpEnd end) => end.Text.Contains("407", StringComparison.Ordinal)
        ? Permanent($"the proxy wants a user name and a password that it accepts (network:proxy): {end.Text}")
        : Transient($"the proxy does not connect (network:proxy): {end.Text}");

    private DownloadException TlsFailed(FtpEnd end)
    {
        if (TlsFault.Find(end.Text) is { } fault)
        {
            var cause = $"TLS with {url.Server} failed: {fault.What} ({end.Text})";
            return fault.IsTransient ? Transient(cause) : Permanent(cause);
        }

        var what = $"TLS with {url.Server} failed: {end.Text}";
        // Said by the TLS library about what the server sent; else the connection was lost in between.
        return end.Text.Contains("error:", StringComparison.Ordinal) ? Permanent(what) : Transient(what);
    }

    private DownloadException TimedOut(FtpEnd end) => dialogue.LastReply is null
        ? ConnectionFailures.NoConnection(url, options, new TimeoutException(end.Text))
        : Transient($"{url.Server} did not answer within {Limit(end)}{Said()}");

    // "server response timeout" of one reply, or "Connection timed out after 30001 milliseconds" of all until the data come.
    private string Limit(FtpEnd end) => end.Text.Contains("response", StringComparison.OrdinalIgnoreCase)
        ? $"{options.StallTimeout.TotalSeconds} s (downloads:stall_timeout)"
        : $"{options.ConnectTimeout.TotalSeconds} s (downloads:connect_timeout)";

    // OpenSSL's X509_V_ERR_…: openssl-verification-options(1).
    private static string CertificateFault(FtpEnd end) => "the server's certificate is not accepted: " + end.CertificateVerdict switch
    {
        9 or 10 => "it, or one that vouches for it, has expired or is not valid yet; check this machine's clock",
        2 or 18 or 19 or 20 or 21 =>
            "its issuer is not a trusted authority; if it is yours, put its certificate in network:ca_file",
        0 => $"it is for another host name; use the name that it is for ({end.Text})",
        _ => end.Text,
    };

    private static string SystemWords(FtpEnd end) =>
        end.SystemError != 0 ? Marshal.GetPInvokeErrorMessage(end.SystemError) : end.Text;

    private string Words(FtpEnd end) => end.Text.Length > 0 ? Scrub(end.Text) : end.Code.ToString();

    private string Said() => dialogue.LastReply is { } reply ? $" (its last words: '{Scrub(reply.ToString())}'{To(reply)})" : "";

    // Servers like to repeat the user's name; nothing of a login is shown. A long text is cut after that, not through a password.
    private string Scrub(string text)
    {
        string[] secrets = credentials is null ? [] : [credentials.Password, credentials.UserName];
        foreach (var secret in secrets.Where(s => s.Length > 0)) text = text.Replace(secret, "…", StringComparison.OrdinalIgnoreCase);
        return text.Length > LongestText ? text[..LongestText] : text;
    }

    private DownloadException Permanent(string what) => new(DownloadErrorKind.RemoteUnreadable, $"{url}: {what}");

    private DownloadException Transient(string what) => DownloadException.Transient(DownloadErrorKind.RemoteUnreadable, $"{url}: {what}");
}
