using Kimchi.Isod.Core.Downloads;
using Kimchi.Isod.Core.Signatures;
using Kimchi.Isod.Core.Volumes;
using Microsoft.Extensions.Logging;

namespace Kimchi.Isod.Core;

/// <summary>Every message that the domain logs. Event ids 100 to 199; never reused for another meaning.</summary>
internal static partial class CoreLog
{
    public static void Accepted(this ILogger logger, VolumeId volume, string url, long? size) =>
        logger.Accepted(volume.Pool, volume.Name, url, size);

    [LoggerMessage(100, LogLevel.Information, "{Pool}/{Name}: download accepted: {Url}, {Size} bytes")]
    private static partial void Accepted(this ILogger logger, string pool, string name, string url, long? size);

    public static void TransferBegins(this ILogger logger, VolumeId volume, long position, long? size) =>
        logger.TransferBegins(volume.Pool, volume.Name, position, size);

    [LoggerMessage(101, LogLevel.Information, "{Pool}/{Name}: transfer begins at byte {Position} of {Size}")]
    private static partial void TransferBegins(this ILogger logger, string pool, string name, long position, long? size);

    public static void Connected(this ILogger logger, VolumeId volume, int connections, long bytesPerSecond) =>
        logger.Connected(volume.Pool, volume.Name, connections, bytesPerSecond);

    [LoggerMessage(131, LogLevel.Debug, "{Pool}/{Name}: {Connections} connections, at {BytesPerSecond} bytes per second")]
    private static partial void Connected(this ILogger logger, string pool, string name, int connections, long bytesPerSecond);

    public static void SourceFailed(this ILogger logger, VolumeId volume, string url, string reason) =>
        logger.SourceFailed(volume.Pool, volume.Name, url, reason);

    [LoggerMessage(132, LogLevel.Warning, "{Pool}/{Name}: {Url} is not asked any more: {Reason}")]
    private static partial void SourceFailed(this ILogger logger, string pool, string name, string url, string reason);

    public static void PiecesWrong(this ILogger logger, VolumeId volume, int count, long position) =>
        logger.PiecesWrong(volume.Pool, volume.Name, count, position);

    [LoggerMessage(133, LogLevel.Warning, "{Pool}/{Name}: {Count} pieces are not what the metalink says, the first of them at byte {Position}; fetching them again")]
    private static partial void PiecesWrong(this ILogger logger, string pool, string name, int count, long position);

    public static void Suspected(this ILogger logger, VolumeId volume, long bytes, string suspect, string judge) =>
        logger.Suspected(volume.Pool, volume.Name, bytes, suspect, judge);

    [LoggerMessage(134, LogLevel.Warning, "{Pool}/{Name}: the checksum does not match; fetching the {Bytes} bytes that {Suspect} has sent from {Judge}")]
    private static partial void Suspected(this ILogger logger, string pool, string name, long bytes, string suspect, string judge);

    public static void UnknownSentWrong(this ILogger logger, VolumeId volume, long position, long bytes) =>
        logger.UnknownSentWrong(volume.Pool, volume.Name, position, bytes);

    [LoggerMessage(135, LogLevel.Warning,
        "{Pool}/{Name}: within {Bytes} bytes, from byte {Position} on, some were wrong; which source has sent them is not known, since that was before " +
        "the daemon was started")]
    private static partial void UnknownSentWrong(this ILogger logger, string pool, string name, long position, long bytes);

    public static void Completed(this ILogger logger, VolumeId volume, long? size) =>
        logger.Completed(volume.Pool, volume.Name, size);

    [LoggerMessage(102, LogLevel.Information, "{Pool}/{Name}: completed, {Size} bytes")]
    private static partial void Completed(this ILogger logger, string pool, string name, long? size);

    public static void Stopped(this ILogger logger, VolumeId volume, StopReason reason, long position) =>
        logger.Stopped(volume.Pool, volume.Name, reason, position);

    [LoggerMessage(103, LogLevel.Information, "{Pool}/{Name}: stopped for {Reason} at byte {Position}")]
    private static partial void Stopped(this ILogger logger, string pool, string name, StopReason reason, long position);

    public static void Failed(this ILogger logger, Exception? exception, VolumeId volume, string reason) =>
        logger.Failed(exception, volume.Pool, volume.Name, reason);

    [LoggerMessage(104, LogLevel.Error, "{Pool}/{Name}: failed: {Reason}")]
    private static partial void Failed(this ILogger logger, Exception? exception, string pool, string name, string reason);

    public static void Retrying(this ILogger logger, VolumeId volume, TimeSpan delay, string reason) =>
        logger.Retrying(volume.Pool, volume.Name, delay, reason);

    [LoggerMessage(105, LogLevel.Warning, "{Pool}/{Name}: trying again in {Delay}: {Reason}")]
    private static partial void Retrying(this ILogger logger, string pool, string name, TimeSpan delay, string reason);

    public static void StartingAgain(this ILogger logger, VolumeId volume, string reason) =>
        logger.StartingAgain(volume.Pool, volume.Name, reason);

    [LoggerMessage(106, LogLevel.Warning, "{Pool}/{Name}: starting again from the first byte: {Reason}")]
    private static partial void StartingAgain(this ILogger logger, string pool, string name, string reason);

    public static void WindowsLost(this ILogger logger, VolumeId volume, long lost, long position) =>
        logger.WindowsLost(volume.Pool, volume.Name, lost, position);

    [LoggerMessage(107, LogLevel.Warning, "{Pool}/{Name}: {Lost} stored bytes are not intact, the first of them at {Position}; fetching them again")]
    private static partial void WindowsLost(this ILogger logger, string pool, string name, long lost, long position);

    public static void Recovered(this ILogger logger, VolumeId volume, string state, long position) =>
        logger.Recovered(volume.Pool, volume.Name, state, position);

    [LoggerMessage(108, LogLevel.Information, "{Pool}/{Name}: found in the state store: {State} at byte {Position}")]
    private static partial void Recovered(this ILogger logger, string pool, string name, string state, long position);

    public static void VolumeNotDeleted(this ILogger logger, Exception exception, VolumeId volume, string reason) =>
        logger.VolumeNotDeleted(exception, volume.Pool, volume.Name, reason);

    [LoggerMessage(109, LogLevel.Error, "{Pool}/{Name}: the volume could not be deleted: {Reason}")]
    private static partial void VolumeNotDeleted(this ILogger logger, Exception exception, string pool, string name, string reason);

    public static void CleanupFailed(this ILogger logger, Exception exception, VolumeId volume, string reason) =>
        logger.CleanupFailed(exception, volume.Pool, volume.Name, reason);

    [LoggerMessage(114, LogLevel.Warning, "{Pool}/{Name}: the cancellation that was cut off is not finished yet: {Reason}")]
    private static partial void CleanupFailed(this ILogger logger, Exception exception, string pool, string name, string reason);

    public static void StartNotDropped(this ILogger logger, LogLevel level, Exception exception, VolumeId volume, string reason) =>
        logger.StartNotDropped(level, exception, volume.Pool, volume.Name, reason);

    [LoggerMessage(EventId = 125, Message = "{Pool}/{Name}: what is left of a start that was not accepted is not removed yet: {Reason}")]
    private static partial void StartNotDropped(
        this ILogger logger, LogLevel level, Exception exception, string pool, string name, string reason);

    public static void EndNotStored(this ILogger logger, Exception exception, VolumeId volume) =>
        logger.EndNotStored(exception, volume.Pool, volume.Name);

    [LoggerMessage(110, LogLevel.Critical, "{Pool}/{Name}: the end of the run could not be stored")]
    private static partial void EndNotStored(this ILogger logger, Exception exception, string pool, string name);

    public static void Canceled(this ILogger logger, VolumeId volume) =>
        logger.Canceled(volume.Pool, volume.Name);

    [LoggerMessage(111, LogLevel.Information, "{Pool}/{Name}: cancelled")]
    private static partial void Canceled(this ILogger logger, string pool, string name);

    public static void NotBegun(this ILogger logger, Exception exception, VolumeId volume) =>
        logger.NotBegun(exception, volume.Pool, volume.Name);

    [LoggerMessage(112, LogLevel.Error, "{Pool}/{Name}: it could not be begun, and waits until the state store can be written")]
    private static partial void NotBegun(this ILogger logger, Exception exception, string pool, string name);

    [LoggerMessage(113, LogLevel.Warning, "some downloads did not stop in time ({Patience}); what they had in the air is fetched again at the next start")]
    public static partial void NotStoppedInTime(this ILogger logger, TimeSpan patience);

    public static void LeftAlone(this ILogger logger, VolumeId volume, string content) =>
        logger.LeftAlone(volume.Pool, volume.Name, content);

    [LoggerMessage(121, LogLevel.Warning, "{Pool}/{Name}: the volume of that name is left alone: it is {Content}")]
    private static partial void LeftAlone(this ILogger logger, string pool, string name, string content);

    public static void Adopted(this ILogger logger, VolumeId volume) =>
        logger.Adopted(volume.Pool, volume.Name);

    [LoggerMessage(122, LogLevel.Information, "{Pool}/{Name}: the volume is of a version that gave no token; what it holds proves whose it is, and it has one now")]
    private static partial void Adopted(this ILogger logger, string pool, string name);

    public static void NotDurable(this ILogger logger, VolumeId volume) =>
        logger.NotDurable(volume.Pool, volume.Name);

    [LoggerMessage(123, LogLevel.Warning,
        "{Pool}/{Name}: this machine does not see the volume's file, so nothing of it can be made durable: a loss of power where it is may " +
        "take what was written in the last half minute, of a completed image too")]
    private static partial void NotDurable(this ILogger logger, string pool, string name);

    public static void TokenNotRead(this ILogger logger, VolumeId volume, string reason) =>
        logger.TokenNotRead(volume.Pool, volume.Name, reason);

    [LoggerMessage(124, LogLevel.Warning, "{Pool}/{Name}: the volume that has the name cannot be read: {Reason}")]
    private static partial void TokenNotRead(this ILogger logger, string pool, string name, string reason);

    public static void RetryNotStored(this ILogger logger, VolumeId volume, string reason) =>
        logger.RetryNotStored(volume.Pool, volume.Name, reason);

    [LoggerMessage(120, LogLevel.Warning, "{Pool}/{Name}: the try could not be noted in the state store, and is made all the same: {Reason}")]
    private static partial void RetryNotStored(this ILogger logger, string pool, string name, string reason);

    public static void WrittenByOthers(this ILogger logger, VolumeId volume) =>
        logger.WrittenByOthers(volume.Pool, volume.Name);

    [LoggerMessage(126, LogLevel.Warning, "{Pool}/{Name}: somebody else has written to the volume; what is stored is read back")]
    private static partial void WrittenByOthers(this ILogger logger, string pool, string name);

    public static void NotWatched(this ILogger logger, VolumeId volume) =>
        logger.NotWatched(volume.Pool, volume.Name);

    [LoggerMessage(128, LogLevel.Warning, "{Url}: the file is looked for elsewhere: {Reason}")]
    public static partial void PlaceNotUsed(this ILogger logger, string url, string reason);

    public static void ChecksumFound(this ILogger logger, VolumeId volume, string checksum, string source) =>
        logger.ChecksumFound(volume.Pool, volume.Name, checksum, source);

    [LoggerMessage(129, LogLevel.Information, "{Pool}/{Name}: it must have {Checksum}, as {Source} says")]
    private static partial void ChecksumFound(this ILogger logger, string pool, string name, string checksum, string source);

    [LoggerMessage(130, LogLevel.Warning, "{Url}: the metalink that the file's server points to is not used: {Reason}")]
    public static partial void MetalinkNotUsed(this ILogger logger, string url, string reason);

    public static void SignatureGood(this ILogger logger, VolumeId volume, string what, SignatureProof proof) =>
        logger.SignatureGood(volume.Pool, volume.Name, what, proof.Algorithm, proof.Fingerprint, proof.UserId ?? "", proof.SignedAt);

    [LoggerMessage(140, LogLevel.Information, "{Pool}/{Name}: {What} has a good signature ({Algorithm}) of {SignedAt:u} by the key {Fingerprint} {UserId}")]
    private static partial void SignatureGood(
        this ILogger logger, string pool, string name, string what, string algorithm, string fingerprint, string userId, DateTimeOffset signedAt);

    [LoggerMessage(127, LogLevel.Warning,
        "{Pool}/{Name}: the kernel gives no watch on the volume's file (inotify, see fs.inotify.max_user_instances): that somebody else writes to " +
        "it while bytes come would go unnoticed")]
    private static partial void NotWatched(this ILogger logger, string pool, string name);
}
