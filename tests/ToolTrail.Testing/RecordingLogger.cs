using System.Collections.Concurrent;
using Microsoft.Extensions.Logging;

namespace ToolTrail.Testing;

/// <summary>Keeps what is logged.</summary>
public sealed class RecordingLogger : ILoggerFactory, ILoggerProvider, ILogger
{
    private readonly ConcurrentQueue<LoggedLine> _lines = new();

    /// <summary>What was logged, in order.</summary>
    public IReadOnlyCollection<LoggedLine> Lines => _lines;

    public ILogger CreateLogger(string categoryName) => this;

    public void AddProvider(ILoggerProvider provider) => throw new NotSupportedException();

    public IDisposable? BeginScope<TState>(TState state)
        where TState : notnull => null;

    public bool IsEnabled(LogLevel logLevel) => true;

    public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter) =>
        _lines.Enqueue(new LoggedLine(logLevel, formatter(state, exception), exception));

    public void Dispose()
    {
    }
}

/// <summary>Something logged.</summary>
public sealed record LoggedLine(LogLevel Level, string Text, Exception? Exception);
