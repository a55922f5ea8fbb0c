namespace Kimchi.Isoctl.Api;

/// <summary>Where the daemon's socket is.</summary>
internal static class SocketPath
{
    public const string Default = "/run/kimchi-isod/kimchi-isod.sock";
    public const string Variable = "KIMCHI_ISOD_SOCKET";

    /// <summary>The one given, else that of the environment, else the default.</summary>
    public static string Choose(string? given) =>
        given ?? (Environment.GetEnvironmentVariable(Variable) is { Length: > 0 } variable ? variable : Default);
}
