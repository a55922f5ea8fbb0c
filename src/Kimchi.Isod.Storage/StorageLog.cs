using Microsoft.Extensions.Logging;

namespace Kimchi.Isod.Storage;

/// <summary>Every message that storage logs. Event ids 200 to 299; never reused for another meaning (205 was, until 0.1).</summary>
internal static partial class StorageLog
{
    [LoggerMessage(200, LogLevel.Information, "connected to libvirt {Version} at {Uri}")]
    public static partial void Connected(this ILogger logger, Version version, string uri);

    [LoggerMessage(201, LogLevel.Warning, "the connection to libvirt is lost ({Reason}); it is opened anew at the next call")]
    public static partial void ConnectionLost(this ILogger logger, string reason);

    [LoggerMessage(202, LogLevel.Information, "made the storage pool {Pool} in {Path}")]
    public static partial void PoolMade(this ILogger logger, string pool, string path);

    [LoggerMessage(203, LogLevel.Information, "started the storage pool {Pool}")]
    public static partial void PoolStarted(this ILogger logger, string pool);

    [LoggerMessage(204, LogLevel.Error, "the storage pool {Pool} could not be made or started: {Reason}")]
    public static partial void PoolNotReady(this ILogger logger, string pool, string reason);

    [LoggerMessage(206, LogLevel.Error,
        "the state store {Path} cannot be used: {Reason}; it is kept as {KeptAs}, and a new one is made: its downloads are forgotten, " +
        "their volumes stay in their pools")]
    public static partial void StoreKeptAside(this ILogger logger, string path, string reason, string keptAs);

    [LoggerMessage(207, LogLevel.Information, "there is no state store {Path}: a new one is made")]
    public static partial void StoreMissing(this ILogger logger, string path);

    [LoggerMessage(208, LogLevel.Warning, "that the daemon stops in good order could not be noted, so the next start reads windows back: {Reason}")]
    public static partial void StopNotStored(this ILogger logger, string reason);
}
