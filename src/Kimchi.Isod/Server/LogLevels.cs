using Kimchi.Isod.Api;
using Microsoft.Extensions.Options;
using Microsoft.Extensions.Primitives;

namespace Kimchi.Isod.Server;

/// <summary>What is logged, which may change while the daemon runs.</summary>
internal sealed class LogLevels(LogLevel level) : IConfigureOptions<LoggerFilterOptions>, IOptionsChangeTokenSource<LoggerFilterOptions>
{
    private LogLevel _level = level;
    private ConfigurationReloadToken _change = new();

    /// <inheritdoc/>
    public string Name => Options.DefaultName;

    /// <summary>The least level that is logged.</summary>
    public LogLevel Level
    {
        get => _level;
        set
        {
            _level = value;
            Interlocked.Exchange(ref _change, new ConfigurationReloadToken()).OnReload();
        }
    }

    /// <inheritdoc/>
    public IChangeToken GetChangeToken() => _change;

    /// <inheritdoc/>
    public void Configure(LoggerFilterOptions options)
    {
        options.MinLevel = _level;
        // Kestrel and the host tell of every request and their own beginnings; their warnings are enough.
        var others = _level < LogLevel.Information ? _level : LogLevel.Warning;
        // Who changed what is told at any level.
        if (_level is not LogLevel.None) options.Rules.Add(new LoggerFilterRule(null, typeof(AuditLog).FullName, LogLevel.Information, null));
        options.Rules.Add(new LoggerFilterRule(null, "Microsoft", others > _level ? others : _level, null));
    }
}
