namespace Kimchi.Isod.Configuration;

/// <summary>What is logged, and how: the section <c>log</c> of the configuration.</summary>
internal sealed record LogOptions
{
    /// <summary>The least level that is logged. Default <see cref="LogLevel.Information"/>.</summary>
    public LogLevel Level { get; init; } = LogLevel.Information;

    /// <summary>The form of a line. Default <see cref="LogFormat.Auto"/>.</summary>
    public LogFormat Format { get; init; } = LogFormat.Auto;
}

/// <summary>The form of a line of the log.</summary>
internal enum LogFormat
{
    /// <summary>To the journal when systemd has connected the output to it, else plain text.</summary>
    Auto,

    /// <summary>Plain text with the time.</summary>
    Text,

    /// <summary>With systemd's priority prefix and no time: the journal has its own.</summary>
    Systemd,

    /// <summary>Sent to the journal with priority and fields, in its native form.</summary>
    Journal,

    /// <summary>One JSON object a line.</summary>
    Json,
}
