using Kimchi.Isod.Core.Remote;

namespace Kimchi.Isod.Sources.Network;

/// <summary>The passwords of servers in a file that ftp(1), curl(1) and others share: netrc(5).</summary>
internal sealed class Netrc
{
    private readonly Dictionary<string, List<Credentials>> _machines = new(StringComparer.OrdinalIgnoreCase);
    private Credentials? _default;

    /// <summary>Reads a file.</summary>
    /// <exception cref="IOException">It cannot be read, or is not in that form; the message names the file and never a secret.</exception>
    public static Netrc Load(string path)
    {
        try
        {
            return Parse(File.ReadAllText(path));
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or FormatException)
        {
            throw new IOException($"{path} cannot be used as network:netrc: {e.Message}", e);
        }
    }

    /// <summary>Reads the text of a file.</summary>
    /// <exception cref="FormatException">It is not in that form; the message tells the word's number.</exception>
    public static Netrc Parse(string text)
    {
        var netrc = new Netrc();
        var words = new NetrcWords(text);
        while (words.Next() is { } word)
        {
            switch (word)
            {
                case "machine": netrc.Add(words.Take("the name of a machine"), ReadLogin(words)); break;
                case "default": netrc._default ??= ReadLogin(words); break;
                case "macdef": words.SkipMacro(); break;
                default: throw words.Unexpected("machine, default or macdef");
            }
        }

        return netrc;
    }

    /// <summary>The credentials for a URL's host, or those of <c>default</c>; null where there are none. <c>default</c>, which means no host
    /// in particular, does not go with a URL that has credentials in its query.</summary>
    public Credentials? Find(Uri uri) =>
        Entries(uri.IdnHost).FirstOrDefault() ?? (QueryCredentials.IsIn(uri) ? null : _default);

    /// <summary>Adds the password of a user who is given without one, as in <c>ftp://user@host/</c>.</summary>
    public Credentials Complete(Credentials given, Uri uri) => given.Password.Length > 0
        ? given
        : Entries(uri.IdnHost).FirstOrDefault(c => c.UserName == given.UserName) ?? given;

    private void Add(string machine, Credentials login)
    {
        if (_machines.TryGetValue(machine, out var logins)) logins.Add(login);
        else _machines.Add(machine, [login]);
    }

    private List<Credentials> Entries(string host) => _machines.GetValueOrDefault(host.TrimEnd('.'), []);

    private static Credentials ReadLogin(NetrcWords words)
    {
        var (login, password) = ("", "");
        while (words.Peek() is "login" or "password" or "account")
        {
            switch (words.Next())
            {
                case "login": login = words.Take("a login"); break;
                case "password": password = words.Take("a password"); break;
                default: words.Take("an account"); break;
            }
        }

        return new Credentials(login, password);
    }
}
