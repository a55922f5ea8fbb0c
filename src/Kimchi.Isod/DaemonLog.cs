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

    [LoggerMessage(305, LogLevel.Information, "the configuration was read again: {Key} is now {Value}")]
    public static partial void SettingChanged(this ILogger logger, string key, string value);

    [LoggerMessage(306, LogLevel.Warning, "the configuration was read again: {Key} has changed, which counts from the next start on")]
    public static partial void ChangeNeedsRestart(this ILogger logger, string key);

    [LoggerMessage(307, LogLevel.Information, "the configuration was read again: nothing has changed")]
    public static partial void NothingChanged(this ILogger logger);

    [LoggerMessage(308, LogLevel.Error, "the configuration stays as it was: {Fault}")]
    public static partial void NotReloaded(this ILogger logger, string fault);

    [LoggerMessage(309, LogLevel.Warning, "the pools that are allowed now are made ready at the next connection to libvirt: {Reason}")]
    public static partial void PoolsNotPrepared(this ILogger logger, string reason);

    [LoggerMessage(311, LogLevel.Critical, "{Loop} has hung for {Patience}: systemd's watchdog hears nothing until it turns again")]
    public static partial void LoopHangs(this ILogger logger, string loop, TimeSpan patience);

    [LoggerMessage(
        312, LogLevel.Warning,
        "the clock says {Time}, {Ahead} later than it can be by its earlier readings: until it has stayed so for {Probation}, records are not " +
        "dropped by it")]
    public static partial void ClockDoubted(this ILogger logger, DateTimeOffset time, TimeSpan ahead, TimeSpan probation);

    [LoggerMessage(313, LogLevel.Warning, "when the daemon stopped could not be noted for the age of records: {Reason}")]
    public static partial void ClockNotNoted(this ILogger logger, string reason);

    [LoggerMessage(320, LogLevel.Information, "audit: {Call} of {Name} in {Pool} by uid {Uid}, gid {Gid}, pid {Pid}: {Outcome}")]
    public static partial void Audited(this ILogger logger, string call, string name, string pool, uint uid, uint gid, int pid, string outcome);

    [LoggerMessage(321, LogLevel.Information, "audit: {Call} of {Name} in {Pool} from {Url} by uid {Uid}, gid {Gid}, pid {Pid}: {Outcome}")]
    public static partial void AuditedWithUrl(
        this ILogger logger, string call, string name, string pool, string url, uint uid, uint gid, int pid, string outcome);

    [LoggerMessage(310, LogLevel.Error, "the records of ended downloads could not be dropped; that is tried again in a day")]
    public static partial void HistoryNotDropped(this ILogger logger, Exception exception);
}
