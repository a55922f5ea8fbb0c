using Microsoft.Extensions.Logging;

namespace Kimchi.Isod.Sources;

/// <summary>Every message that sources log. Event ids 400 to 499; never reused for another meaning.</summary>
internal static partial class SourcesLog
{
    [LoggerMessage(400, LogLevel.Warning, "network:client_certificates: {File} has a private key that other users of this machine can read: chmod 0600 it")]
    public static partial void KeyIsReadable(this ILogger logger, string file);
}
