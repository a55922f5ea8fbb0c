using Microsoft.Extensions.Logging;

namespace Kimchi.Isod.Storage.Tests;

/// <summary>A log that a test reads.</summary>
internal sealed class LogRecorder : ILogger
{
    public List<(int Id, string Message)> Events { get; } = [];

    public IDisposable? BeginScope<TState>(TState state)
        where TState : notnull => null;

    public bool IsEnabled(LogLevel logLevel) => true;

    public void Log<TState>(
        LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter) =>
        Events.Add((eventId.Id, formatter(state, exception)));
}
