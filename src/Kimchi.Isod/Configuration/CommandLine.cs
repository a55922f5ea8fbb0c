namespace Kimchi.Isod.Configuration;

/// <summary>What the daemon was told when it was started.</summary>
internal sealed record CommandLine
{
    /// <summary>The text of <c>--help</c>.</summary>
    public const string Usage = """
        Usage: kimchi-isod [--config FILE] [--check-config] [--section:key=value ...]

        Downloads installation images into libvirt's storage pool ISO, controlled over a Unix socket.

          --config FILE          read FILE instead of /etc/kimchi-isod/kimchi-isod.conf
          --check-config         validate the configuration and exit
          --section:key=value    set one key, such as --server:socket=/tmp/isod.sock
          --version              print the version and exit
          --help                 print this and exit

        Each key can also be set in the environment: KIMCHI_ISOD_section__key=value.
        """;

    /// <summary>The configuration file, or null for the default one, which may be missing.</summary>
    public string? ConfigFile { get; private init; }

    /// <summary>Whether to print <see cref="Usage"/> and exit.</summary>
    public bool ShowHelp { get; private init; }

    /// <summary>Whether to print the version and exit.</summary>
    public bool ShowVersion { get; private init; }

    /// <summary>Whether to validate the configuration and exit.</summary>
    public bool CheckConfig { get; private init; }

    /// <summary>The keys set by <c>--section:key=value</c>.</summary>
    public IReadOnlyDictionary<string, string> Settings { get; private init; } = new Dictionary<string, string>();

    /// <summary>Reads the arguments.</summary>
    /// <exception cref="ConfigurationException">One of them means nothing.</exception>
    public static CommandLine Parse(IReadOnlyList<string> arguments)
    {
        var line = new CommandLine();
        var settings = new Dictionary<string, string>(StringComparer.OrdinalIgnoreCase);
        for (var i = 0; i < arguments.Count; i++)
        {
            var argument = arguments[i];
            switch (argument)
            {
                case "--help" or "-h": line = line with { ShowHelp = true }; break;
                case "--version": line = line with { ShowVersion = true }; break;
                case "--check-config": line = line with { CheckConfig = true }; break;
                case "--config" when i + 1 < arguments.Count: line = line with { ConfigFile = arguments[++i] }; break;
                default: ParseSetting(argument, settings, ref line); break;
            }
        }

        if (line.ConfigFile is "") throw new ConfigurationException(["command line: --config needs the name of a file; see kimchi-isod --help"]);
        return line with { Settings = settings };
    }

    private static void ParseSetting(string argument, Dictionary<string, string> settings, ref CommandLine line)
    {
        var parts = argument.Split('=', 2);
        if (parts.Length == 2 && parts[0] == "--config") line = line with { ConfigFile = parts[1] };
        else if (parts.Length == 2 && parts[0].StartsWith("--", StringComparison.Ordinal) && parts[0].Contains(':'))
            settings[parts[0][2..]] = parts[1];
        else throw new ConfigurationException([$"command line: '{argument}' is not understood; see kimchi-isod --help"]);
    }
}
