using System.CommandLine;
using System.CommandLine.Parsing;
using Kimchi.Isoctl.Api;
using Kimchi.Isoctl.Display;
using Kimchi.Isod.Contracts;

namespace Kimchi.Isoctl.Commands;

/// <summary><c>download</c>: starts downloads, and waits for them.</summary>
internal sealed class DownloadCommand
{
    private const string Auto = "auto";

    private readonly GlobalOptions _global;
    private readonly Argument<string[]> _urls = new("URL") { Description = "http, https, ftp or ftps", Arity = ArgumentArity.OneOrMore };
    private readonly Option<string?> _name = new("--name") { Description = "The volume's name [default: the file's own]", HelpName = "NAME" };
    private readonly Option<string?> _checksum = new("--checksum") { Description = "What it must hash to, such as sha256:…", HelpName = "KIND:HEX" };
    private readonly Option<string?> _checksumUrl = new("--checksum-url") { Description = "A list that has it, such as SHA256SUMS", HelpName = "URL" };
    private readonly Option<string?> _verify = new("--verify") { Description = "Find a checksum beside the URL, and refuse the download without one", HelpName = Auto };
    private readonly Option<string?> _signatureUrl = new("--signature-url") { Description = "The OpenPGP signature of that list, or of the image", HelpName = "URL" };
    private readonly Option<string?> _keyring = new("--keyring") { Description = "Whose signature counts: a keyring of the daemon's, by its name", HelpName = "NAME" };
    private readonly Option<string?> _fingerprint = new("--fingerprint") { Description = "The one key of the keyring that counts", HelpName = "HEX" };
    private readonly Option<string[]> _mirrors = SourceOptions.Mirrors();
    private readonly Option<string?> _metalink = SourceOptions.Metalink();
    private readonly Option<int?> _connections = new("--connections") { Description = "Connections at most, 1 to 16 [default: the daemon's]", HelpName = "N" };
    private readonly Option<string?> _ifExists = new("--if-exists")
    {
        Description = "Whether an image of that name that is there already makes it fail, or is kept [default: fail]",
        HelpName = "fail|keep",
    };
    private readonly Option<long> _limitRate = RateArgument.Option();
    private readonly Option<bool> _paused = new("--paused") { Description = "Reserve the space, and wait for resume" };
    private readonly Option<bool> _noWait = new("--no-wait") { Description = "Return when the download is accepted" };
    private readonly Option<string?> _username = new("--username") { Description = "For the server; the password is asked for", HelpName = "USER" };
    private readonly Option<string?> _passwordFile = new("--password-file")
    {
        Description = "Read the password from the first line of a file, - for the standard input",
        HelpName = "FILE",
    };

    private readonly Option<string[]> _headers = new("--header")
    {
        Description = "A header for the URL's own server; can be repeated. Everybody on this machine can read it: better --header-file",
        HelpName = "NAME: VALUE",
    };
    private readonly Option<string?> _headerFile = new("--header-file")
    {
        Description = "Read such headers from the lines of a file, - for the standard input",
        HelpName = "FILE",
    };

    private DownloadCommand(GlobalOptions global) => _global = global;

    public static Command Create(GlobalOptions global) => new DownloadCommand(global).Create();

    private Command Create()
    {
        var command = new Command("download", "Download images, and wait for them")
        {
            _urls, _name, _checksum, _checksumUrl, _verify, _signatureUrl, _keyring, _fingerprint, _mirrors, _metalink, _connections, _ifExists,
            _limitRate, _paused, _noWait, _username, _passwordFile, _headers, _headerFile,
        };
        _verify.AcceptOnlyFromAmong(Auto);
        _ifExists.AcceptOnlyFromAmong("fail", KeptImages.Keep);
        command.Validators.Add(result =>
        {
            var several = result.GetResult(_urls)?.Tokens.Count > 1;
            foreach (var option in new Option[] { _name, _checksum, _mirrors }.Where(o => several && result.GetResult(o) is not null))
                result.AddError($"{option.Name} is of one image; give one URL with it");
            foreach (var option in new Option[] { _headers, _headerFile }.Where(o => several && result.GetResult(o) is not null && !AreOfOneServer(result)))
                result.AddError($"{option.Name} is for one server; give URLs of one server with it");
            if (result.GetResult(_verify) is not null && (result.GetResult(_checksum) is not null || result.GetResult(_checksumUrl) is not null))
                result.AddError("--verify excludes --checksum and --checksum-url: give one of them");
            if (several && result.GetResult(_signatureUrl) is not null && result.GetResult(_checksumUrl) is null)
                result.AddError("--signature-url is of one image, or of the list that --checksum-url gives; give that, or one URL");
            if (result.GetResult(_passwordFile) is not null && result.GetResult(_username) is null)
                result.AddError("--password-file needs --username beside it");
        });
        _global.SetAction(command, RunAsync);
        return command;
    }

    private async Task<int> RunAsync(ParseResult parsed, Session session)
    {
        var secrets = new Secrets(
            parsed.GetValue(_username) is { } user ? PasswordSource.Read(parsed.GetValue(_passwordFile), user, session) : null,
            HeaderSource.Read(parsed.GetValue(_headers) ?? [], parsed.GetValue(_headerFile)));
        List<string> names = [];
        var refused = 0;
        foreach (var url in parsed.GetValue(_urls)!)
        {
            try
            {
                names.Add(await StartAsync(parsed, url, secrets, session));
            }
            catch (IsoctlException e) when (e.ExitCode == ExitCode.Refused)
            {
                session.Complain(e.Message);
                refused = ExitCode.Refused;
            }
        }

        if (parsed.GetValue(_ifExists) == KeptImages.Keep) names = await KeptImages.TellUnknownAsync(session, names);
        if (names.Count == 0) return refused;
        if (!parsed.GetValue(_noWait) && !parsed.GetValue(_paused)) return Math.Max(refused, await DownloadWait.RunAsync(session, names));
        foreach (var name in names) await session.AnswerAsync(name, DownloadLine.Describe);
        return refused;
    }

    private bool AreOfOneServer(CommandResult result) => result.GetResult(_urls)!.Tokens
        .Select(token => Uri.TryCreate(token.Value, UriKind.Absolute, out var url) ? url.GetComponents(UriComponents.SchemeAndServer, UriFormat.UriEscaped) : "")
        .Distinct(StringComparer.Ordinal).Count() == 1;

    private async Task<string> StartAsync(ParseResult parsed, string url, Secrets secrets, Session session)
    {
        var request = new StartDownloadRequest
        {
            Url = url,
            Name = parsed.GetValue(_name),
            Checksum = parsed.GetValue(_verify) ?? parsed.GetValue(_checksum),
            ChecksumUrl = parsed.GetValue(_checksumUrl),
            SignatureUrl = parsed.GetValue(_signatureUrl),
            Keyring = parsed.GetValue(_keyring),
            Fingerprint = parsed.GetValue(_fingerprint),
            Mirrors = parsed.GetValue(_mirrors) is { Length: > 0 } mirrors ? mirrors : null,
            MetalinkUrl = parsed.GetValue(_metalink),
            Connections = parsed.GetValue(_connections),
            IfExists = parsed.GetValue(_ifExists),
            LimitRate = parsed.GetValue(_limitRate),
            StartPaused = parsed.GetValue(_paused),
            Username = parsed.GetValue(_username),
            Password = secrets.Password,
            Headers = secrets.Headers,
        };
        var reply = await session.Client.PostAsync(
            Routes.DownloadsOf(session.Pool), request, ApiJson.Wire.StartDownloadRequest, ApiJson.Replies.StartDownloadReply, session.Cancel);
        return reply.Name;
    }

    private readonly record struct Secrets(string? Password, Dictionary<string, string?>? Headers);
}
