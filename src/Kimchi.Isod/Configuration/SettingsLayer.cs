using System.Collections;
using Microsoft.Extensions.Configuration.Ini;

namespace Kimchi.Isod.Configuration;

/// <summary>Keys and values of one place, such as a file. Keys are <c>section:key</c>, their case does not matter.</summary>
/// <param name="Origin">The place's name in messages.</param>
/// <param name="Values">What it sets.</param>
internal sealed record SettingsLayer(string Origin, IReadOnlyDictionary<string, string> Values)
{
    public const string DefaultFile = "/etc/kimchi-isod/kimchi-isod.conf";
    public const string Credentials = "credentials of systemd";
    private const string ClientCertificatePrefix = "client_certificates_";
    private const string EnvironmentPrefix = "KIMCHI_ISOD_";

    /// <summary>All layers, the ones that win last: the file, the files of <c>conf.d</c> beside it, systemd's credentials, environment,
    /// command line.</summary>
    /// <exception cref="ConfigurationException">A file cannot be read.</exception>
    public static IReadOnlyList<SettingsLayer> Load(CommandLine line, IDictionary environment)
    {
        var main = line.ConfigFile ?? DefaultFile;
        List<SettingsLayer> layers = [];
        if (line.ConfigFile is not null || File.Exists(main)) layers.Add(FromFile(main));
        var directory = Path.Combine(Path.GetDirectoryName(Path.GetFullPath(main))!, "conf.d");
        if (Directory.Exists(directory))
            layers.AddRange(Directory.GetFiles(directory, "*.conf").Order(StringComparer.Ordinal).Select(FromFile));
        if (environment["CREDENTIALS_DIRECTORY"] is string credentials) layers.Add(FromCredentials(credentials));
        layers.Add(FromEnvironment(environment));
        layers.Add(new SettingsLayer("command line", line.Settings));
        return layers;
    }

    private static SettingsLayer FromFile(string path)
    {
        try
        {
            using var stream = File.OpenRead(path);
            return new SettingsLayer(path, IniStreamConfigurationProvider.Read(stream)
                .ToDictionary(v => v.Key, v => v.Value ?? "", StringComparer.OrdinalIgnoreCase));
        }
        catch (FormatException) when (FindBadLine(path) is { } number)
        {
            throw new ConfigurationException([$"{path}: cannot be read: line {number} is neither a [section] nor a key = value"]);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or FormatException)
        {
            throw new ConfigurationException([$"{path}: cannot be read: {e.Message}"]);
        }
    }

    // systemd.exec(5), LoadCredential=: a file each. "network.proxy" sets that key, "netrc" is the file of network:netrc,
    // and of a folder "client_certificates" each file has that name before its own.
    private static SettingsLayer FromCredentials(string directory)
    {
        var values = new Dictionary<string, string>(StringComparer.OrdinalIgnoreCase);
        try
        {
            foreach (var file in Directory.GetFiles(directory))
            {
                var name = Path.GetFileName(file);
                if (name.StartsWith(ClientCertificatePrefix, StringComparison.Ordinal)) values["network:client_certificates"] = directory;
                else if (name == "netrc") values["network:netrc"] = file;
                else if (name.Split('.') is [var section, var key]) values[$"{section}:{key}"] = File.ReadAllText(file).Trim();
            }
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new ConfigurationException([$"{directory}: the credentials cannot be read: {e.Message}"]);
        }

        return new SettingsLayer(Credentials, values);
    }

    // Its number instead of its text, which the provider's message repeats: a password may stand in it.
    private static int? FindBadLine(string path)
    {
        var at = Array.FindIndex(File.ReadAllLines(path), line => line.Trim() is { Length: > 0 } text
            && text[0] is not ('#' or ';' or '/') && !text.Contains('=') && !(text[0] == '[' && text[^1] == ']'));
        return at < 0 ? null : at + 1;
    }

    private static SettingsLayer FromEnvironment(IDictionary environment)
    {
        var values = new Dictionary<string, string>(StringComparer.OrdinalIgnoreCase);
        foreach (DictionaryEntry variable in environment)
        {
            var name = (string)variable.Key;
            if (name.StartsWith(EnvironmentPrefix, StringComparison.Ordinal) && name.Contains("__", StringComparison.Ordinal))
                values[name[EnvironmentPrefix.Length..].Replace("__", ":", StringComparison.Ordinal)] = (string?)variable.Value ?? "";
        }

        return new SettingsLayer("environment", values);
    }
}
