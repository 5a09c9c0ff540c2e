using System.Globalization;
using EdgePerception.Sensors.Diagnostics;
using EdgePerception.Sensors.Time;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Logging.Console;

namespace EdgePerception.Runtime.CommandLine;

/// <summary>
/// An event as one line: time (UTC), level, category, event id, message, exception. What others wrote is made visible.
/// The status line stands alone, without what comes before a message.
/// </summary>
internal sealed class LogLineFormatter(SensorClock clock) : ConsoleFormatter(FormatterName)
{
    public const string FormatterName = "line";

    private const int Yellow = 33;
    private const int Red = 31;
    private static readonly string Status = typeof(StatusLine).FullName!;

    public override void Write<TState>(
        in LogEntry<TState> logEntry, IExternalScopeProvider? scopeProvider, TextWriter textWriter)
    {
        var message = logEntry.Formatter(logEntry.State, logEntry.Exception);
        if (logEntry.Exception is { } exception)
            message += $" {Redaction.Text(exception.ToString()).ReplaceLineEndings(" ")}";
        message = VisibleText.Of(message);
        var isStatus = logEntry.Category == Status;
        if (!isStatus)
        {
            var time = clock.Now.Utc.ToString("HH:mm:ss.fff", CultureInfo.InvariantCulture);
            var level = Colored(Word(logEntry.LogLevel), logEntry.LogLevel);
            textWriter.Write($"{time} {level}: {logEntry.Category}[{logEntry.EventId.Id}] ");
        }

        textWriter.Write(isStatus ? Colored(message, logEntry.LogLevel) : message);
        textWriter.Write('\n');
    }

    private static string Colored(string text, LogLevel level) => level < LogLevel.Warning
        ? text
        : Terminal.Error.Colored(text, level == LogLevel.Warning ? Yellow : Red);

    private static string Word(LogLevel level) => level switch
    {
        LogLevel.Trace => "trce",
        LogLevel.Debug => "dbug",
        LogLevel.Information => "info",
        LogLevel.Warning => "warn",
        LogLevel.Error => "fail",
        _ => "crit",
    };
}
