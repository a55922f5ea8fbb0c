using System.Reflection;

namespace Kimchi.Isod;

/// <summary>The daemon's version, from the one place that has it: Directory.Build.props.</summary>
internal static class ProductVersion
{
    /// <summary>Such as <c>0.1.0</c>.</summary>
    public static string Text { get; } =
        typeof(ProductVersion).Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()!.InformationalVersion;
}
