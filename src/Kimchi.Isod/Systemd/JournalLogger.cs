using System.Globalization;

namespace Kimchi.Isod.Systemd;

/// <summary>Writes messages to the journal, with their priority and with their parameters as fields.</summary>
internal sealed class JournalLogger(string category, JournalSocket journal) : ILogger
{
    public IDisposable? BeginScope<TState>(TState state)
        where TState : notnull => null;

    public bool IsEnabled(LogLevel logLevel) => logLevel is not LogLevel.None;

    public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter)
    {
        var text = exception is null ? formatter(state, exception) : $"{formatter(state, exception)}\n{exception}";
        var priority = PriorityOf(logLevel);
        var entry = new JournalEntry();
        entry.Add("MESSAGE", text);
        entry.Add("PRIORITY", priority);
        entry.Add("SYSLOG_IDENTIFIER", "kimchi-isod");
        entry.AddOwn("Event", eventId.Id.ToString(CultureInfo.InvariantCulture));
        entry.AddOwn("Category", category);
        if (state is IEnumerable<KeyValuePair<string, object?>> parameters)
        {
            foreach (var (name, value) in parameters.Where(p => p.Key.All(char.IsAsciiLetterOrDigit)))
                entry.AddOwn(name, Convert.ToString(value, CultureInfo.InvariantCulture) ?? "");
        }

        // The standard error leads to the journal too, without the fields, and waits for one that is being restarted.
        if (!journal.TrySend(entry.Bytes)) Console.Error.WriteLine($"<{priority}>{text.ReplaceLineEndings(" ")}");
    }

    // sd-daemon(3)
    private static string PriorityOf(LogLevel level) => level switch
    {
        LogLevel.Critical => "2",
        LogLevel.Error => "3",
        LogLevel.Warning => "4",
        LogLevel.Information => "6",
        _ => "7",
    };
}

/// <summary>Makes the loggers of the journal.</summary>
internal sealed class JournalLoggerProvider(string path) : ILoggerProvider
{
    private readonly JournalSocket _journal = new(path);

    public ILogger CreateLogger(string categoryName) => new JournalLogger(categoryName, _journal);

    public void Dispose() => _journal.Dispose();
}
