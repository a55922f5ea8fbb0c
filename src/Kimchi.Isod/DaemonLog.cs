namespace Kimchi.Isod;

/// <summary>Every message that the daemon itself logs. Event ids 300 to 399; never reused for another meaning.</summary>
internal static partial class DaemonLog
{
    [LoggerMessage(300, LogLevel.Error, "request {Id}: {Method} {Path} failed")]
    public static partial void RequestFailed(this ILogger logger, Exception exception, string id, string method, string path);

    [LoggerMessage(301, LogLevel.Information, "kimchi-isod {Version} answers on {Socket}")]
    public static partial void Ready(this ILogger logger, string version, string socket);

    [LoggerMessage(302, LogLevel.Information, "{Count} records of ended downloads, older than {Days} days, were dropped")]
    public static partial void HistoryDropped(this ILogger logger, int count, int days);

    [LoggerMessage(303, LogLevel.Warning, "the pool {Pool} cannot be used yet: {Reason}")]
    public static partial void PoolNotUsable(this ILogger logger, string pool, string reason);

    [LoggerMessage(304, LogLevel.Warning, "a client did not read its events for {Patience}, and was cut off")]
    public static partial void StreamCutOff(this ILogger logger, TimeSpan patience);

    [LoggerMessage(310, LogLevel.Error, "the records of ended downloads could not be dropped; that is tried again in a day")]
    public static partial void HistoryNotDropped(this ILogger logger, Exception exception);
}
