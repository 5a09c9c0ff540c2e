using Microsoft.Extensions.Logging;

namespace EdgePerception.EndToEnd.Tests.Service;

/// <summary>Keeps what the whole service logs, by event name.</summary>
internal sealed class LogCapture : ILoggerProvider, ILogger
{
    private readonly List<(LogLevel Level, string Event, string Text)> _lines = [];

    public IReadOnlyList<(LogLevel Level, string Event, string Text)> Lines
    {
        get
        {
            lock (_lines) return [.. _lines];
        }
    }

    public IReadOnlyList<string> Of(string eventName) =>
        [.. Lines.Where(line => line.Event == eventName).Select(line => line.Text)];

    public ILogger CreateLogger(string categoryName) => this;

    public IDisposable? BeginScope<TState>(TState state)
        where TState : notnull => null;

    public bool IsEnabled(LogLevel logLevel) => logLevel >= LogLevel.Information;

    public void Log<TState>(
        LogLevel logLevel, EventId eventId, TState state, Exception? exception,
        Func<TState, Exception?, string> formatter)
    {
        if (!IsEnabled(logLevel)) return;
        lock (_lines) _lines.Add((logLevel, eventId.Name ?? "", formatter(state, exception)));
    }

    public void Dispose()
    {
    }
}
