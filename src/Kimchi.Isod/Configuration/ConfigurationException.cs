namespace Kimchi.Isod.Configuration;

/// <summary>The configuration cannot be used. Each fault names its file, section and key, and the remedy.</summary>
internal sealed class ConfigurationException(IReadOnlyList<string> faults) : Exception(string.Join('\n', faults))
{
    /// <summary>Everything that is wrong with it.</summary>
    public IReadOnlyList<string> Faults { get; } = faults;
}
