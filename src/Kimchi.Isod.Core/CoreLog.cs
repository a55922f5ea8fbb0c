using Kimchi.Isod.Core.Downloads;
using Microsoft.Extensions.Logging;

namespace Kimchi.Isod.Core;

/// <summary>Every message that the domain logs. Event ids 100 to 199; never reused for another meaning.</summary>
internal static partial class CoreLog
{
    [LoggerMessage(100, LogLevel.Information, "{Pool}/{Name}: download accepted: {Url}, {Size} bytes")]
    public static partial void Accepted(this ILogger logger, string pool, string name, string url, long? size);

    [LoggerMessage(101, LogLevel.Information, "{Pool}/{Name}: transfer begins at byte {Position} of {Size}")]
    public static partial void TransferBegins(this ILogger logger, string pool, string name, long position, long? size);

    [LoggerMessage(102, LogLevel.Information, "{Pool}/{Name}: completed, {Size} bytes")]
    public static partial void Completed(this ILogger logger, string pool, string name, long? size);

    [LoggerMessage(103, LogLevel.Information, "{Pool}/{Name}: stopped for {Reason} at byte {Position}")]
    public static partial void Stopped(this ILogger logger, string pool, string name, StopReason reason, long position);

    [LoggerMessage(104, LogLevel.Error, "{Pool}/{Name}: failed: {Reason}")]
    public static partial void Failed(this ILogger logger, Exception? exception, string pool, string name, string reason);

    [LoggerMessage(105, LogLevel.Warning, "{Pool}/{Name}: trying again in {Delay}: {Reason}")]
    public static partial void Retrying(this ILogger logger, string pool, string name, TimeSpan delay, string reason);

    [LoggerMessage(106, LogLevel.Warning, "{Pool}/{Name}: starting again from the first byte: {Reason}")]
    public static partial void StartingAgain(this ILogger logger, string pool, string name, string reason);

    [LoggerMessage(107, LogLevel.Warning, "{Pool}/{Name}: {Lost} stored bytes are not intact, the first of them at {Position}; fetching them again")]
    public static partial void WindowsLost(this ILogger logger, string pool, string name, long lost, long position);

    [LoggerMessage(108, LogLevel.Information, "{Pool}/{Name}: found in the state store: {State} at byte {Position}")]
    public static partial void Recovered(this ILogger logger, string pool, string name, string state, long position);

    [LoggerMessage(109, LogLevel.Error, "{Pool}/{Name}: the volume could not be deleted: {Reason}")]
    public static partial void VolumeNotDeleted(this ILogger logger, Exception exception, string pool, string name, string reason);

    [LoggerMessage(114, LogLevel.Warning, "{Pool}/{Name}: the cancellation that was cut off is not finished yet: {Reason}")]
    public static partial void CleanupFailed(this ILogger logger, Exception exception, string pool, string name, string reason);

    [LoggerMessage(EventId = 125, Message = "{Pool}/{Name}: what is left of a start that was not accepted is not removed yet: {Reason}")]
    public static partial void StartNotDropped(
        this ILogger logger, LogLevel level, Exception exception, string pool, string name, string reason);

    [LoggerMessage(110, LogLevel.Critical, "{Pool}/{Name}: the end of the run could not be stored")]
    public static partial void EndNotStored(this ILogger logger, Exception exception, string pool, string name);

    [LoggerMessage(111, LogLevel.Information, "{Pool}/{Name}: cancelled")]
    public static partial void Canceled(this ILogger logger, string pool, string name);

    [LoggerMessage(112, LogLevel.Error, "{Pool}/{Name}: it could not be begun, and waits until the state store can be written")]
    public static partial void NotBegun(this ILogger logger, Exception exception, string pool, string name);

    [LoggerMessage(113, LogLevel.Warning, "some downloads did not stop in time ({Patience}); what they had in the air is fetched again at the next start")]
    public static partial void NotStoppedInTime(this ILogger logger, TimeSpan patience);

    [LoggerMessage(121, LogLevel.Warning, "{Pool}/{Name}: the volume of that name is left alone: it is {Content}")]
    public static partial void LeftAlone(this ILogger logger, string pool, string name, string content);

    [LoggerMessage(122, LogLevel.Information, "{Pool}/{Name}: the volume is of a version that gave no token; what it holds proves whose it is, and it has one now")]
    public static partial void Adopted(this ILogger logger, string pool, string name);

    [LoggerMessage(123, LogLevel.Warning,
        "{Pool}/{Name}: this machine does not see the volume's file, so nothing of it can be made durable: a loss of power where it is may " +
        "take what was written in the last half minute, of a completed image too")]
    public static partial void NotDurable(this ILogger logger, string pool, string name);

    [LoggerMessage(124, LogLevel.Warning, "{Pool}/{Name}: the volume that has the name cannot be read: {Reason}")]
    public static partial void TokenNotRead(this ILogger logger, string pool, string name, string reason);

    [LoggerMessage(120, LogLevel.Warning, "{Pool}/{Name}: the try could not be noted in the state store, and is made all the same: {Reason}")]
    public static partial void RetryNotStored(this ILogger logger, string pool, string name, string reason);

    [LoggerMessage(126, LogLevel.Warning, "{Pool}/{Name}: somebody else has written to the volume; what is stored is read back")]
    public static partial void WrittenByOthers(this ILogger logger, string pool, string name);

    [LoggerMessage(128, LogLevel.Warning, "{Url}: the file is looked for elsewhere: {Reason}")]
    public static partial void PlaceNotUsed(this ILogger logger, string url, string reason);

    [LoggerMessage(129, LogLevel.Information, "{Pool}/{Name}: it must have {Checksum}, as {Source} says")]
    public static partial void ChecksumFound(this ILogger logger, string pool, string name, string checksum, string source);

    [LoggerMessage(130, LogLevel.Warning, "{Url}: the metalink that the file's server points to is not used: {Reason}")]
    public static partial void MetalinkNotUsed(this ILogger logger, string url, string reason);

    [LoggerMessage(127, LogLevel.Warning,
        "{Pool}/{Name}: the kernel gives no watch on the volume's file (inotify, see fs.inotify.max_user_instances): that somebody else writes to " +
        "it while bytes come would go unnoticed")]
    public static partial void NotWatched(this ILogger logger, string pool, string name);
}
