using EdgePerception.Runtime.Diagnostics;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Console;

namespace EdgePerception.Runtime.CommandLine;

/// <summary>
/// The service's log, lines on standard error. Whoever logs never waits for whoever reads: the safety supervisor and
/// the transports log, and a reader that hangs must not hang them.
/// </summary>
internal static class ServiceLog
{
    public static void ToStandardError(ILoggingBuilder logging)
    {
        logging.AddConsoleFormatter<LogLineFormatter, ConsoleFormatterOptions>();
        logging.Services
            .Configure<ConsoleLoggerOptions>(options =>
            {
                options.FormatterName = LogLineFormatter.FormatterName;
                options.LogToStandardErrorThreshold = LogLevel.Trace;
                // Lines that find the queue full are counted, and their number is the next line that fits.
                options.QueueFullMode = ConsoleLoggerQueueFullMode.DropWrite;
            })
            .AddSingleton<ConsoleLoggerProvider>()
            .AddSingleton<ILoggerProvider>(p => ActivatorUtilities.CreateInstance<RateLimitedLoggerProvider>(
                p, p.GetRequiredService<ConsoleLoggerProvider>()));
    }
}
