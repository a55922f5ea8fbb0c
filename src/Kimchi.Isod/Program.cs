using Kimchi.Isod;
using Kimchi.Isod.Configuration;
using Kimchi.Isod.Storage.State;

// Exit codes: 0 stopped in good order, 1 could not run, 78 (EX_CONFIG of sysexits.h) bad configuration or arguments.
const int CannotRun = 1;
const int BadConfiguration = 78;

try
{
    var line = CommandLine.Parse(args);
    if (line.ShowHelp) return Print(CommandLine.Usage);
    if (line.ShowVersion) return Print($"kimchi-isod {Daemon.Version}");
    var settings = Settings.Read(SettingsLayer.Load(line, Environment.GetEnvironmentVariables()));
    if (line.CheckConfig) return Print("the configuration is good");
    using var state = StateDirectory.Hold(settings.State.Directory);
    await using var daemon = Daemon.Build(settings, state);
    await daemon.RunAsync();
    return 0;
}
catch (ConfigurationException e)
{
    foreach (var fault in e.Faults) Console.Error.WriteLine($"kimchi-isod: {fault}");
    return BadConfiguration;
}
catch (Exception e) when (e is StateStoreException or IOException)
{
    Console.Error.WriteLine($"kimchi-isod: {e.Message}");
    return CannotRun;
}

static int Print(string text)
{
    Console.WriteLine(text);
    return 0;
}
