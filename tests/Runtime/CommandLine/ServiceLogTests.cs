using System.Globalization;
using EdgePerception.Runtime.CommandLine;
using EdgePerception.Sensors.Time;
using EdgePerception.Tests.Support;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace EdgePerception.Runtime.Tests.CommandLine;

/// <summary>
/// The service's log on a standard error of the test's own, which nobody else of the process logs to.
/// </summary>
public sealed class ServiceLogTests : IDisposable
{
    private readonly FakeTimeProvider _time = new();
    private readonly StandIn _error = new();

    [Fact]
    public void Every_event_is_one_line_whatever_it_says()
    {
        using (var services = Start())
        {
            var log = services.GetRequiredService<ILoggerFactory>().CreateLogger("Some.Category");
            for (var i = 0; i < HiddenCharacters.Samples.Length; i++)
                Say(log, LogLevel.Information, i, $"before{HiddenCharacters.Samples[i]}after");
            Say(log, LogLevel.Error, 0, "It broke:\rnow", new InvalidOperationException("first\nsecond\u202e"));
        }

        var lines = _error.Lines;
        Assert.Equal(HiddenCharacters.Samples.Length + 1, lines.Length);
        Assert.All(lines, line => Assert.Empty(HiddenCharacters.In(line)));
        Assert.Equal("00:00:00.000 info: Some.Category[0] before\\u001B[31mafter", lines[0]);
        Assert.Equal(
            "00:00:00.000 fail: Some.Category[0] It broke:\\u000Dnow "
            + "System.InvalidOperationException: first second\\u202E",
            lines[^1]);
    }

    [Fact]
    public void Nobody_who_logs_waits_for_whoever_reads_and_what_was_lost_is_said()
    {
        const int Events = 20_000;
        _error.Hang();
        using (var services = Start())
        {
            var log = services.GetRequiredService<ILoggerFactory>().CreateLogger("Flood");
            for (var i = 0; i < Events; i++) Say(log, LogLevel.Warning, i, $"event {i}");
            _error.Resume();
            // The next line that fits says how many did not.
            Eventually.Holds(() => _error.Lines.Length > 1000, "the queue's lines");
            Say(log, LogLevel.Warning, -1, "the end");
        }

        var lines = _error.Lines;
        Assert.InRange(lines.Length, 1000, Events / 2);
        Assert.Contains("the end", lines[^1], StringComparison.Ordinal);
        var kept = lines.Count(line => line.Contains("event ", StringComparison.Ordinal));
        // More than one line says so where the writer takes its first event only after the queue was full.
        var lost = lines.Where(line => line.Contains(" message(s) dropped", StringComparison.Ordinal))
            .Sum(line => int.Parse(line[..line.IndexOf(' ')], CultureInfo.InvariantCulture));
        Assert.Equal(Events, kept + lost);
    }

    public void Dispose() => _error.Dispose();

    private static void Say(ILogger log, LogLevel level, int id, string text, Exception? exception = null) =>
        log.Log(level, new EventId(id), text, exception, (said, _) => said);

    private ServiceProvider Start()
    {
        var services = new ServiceCollection()
            .AddSingleton(new SensorClock(_time)).AddLogging(ServiceLog.ToStandardError).BuildServiceProvider();
#pragma warning disable RS0030 // The log takes the console's stream when it is made.
        var before = Console.Error;
        Console.SetError(_error);
        services.GetRequiredService<ILoggerFactory>();
        Console.SetError(before);
#pragma warning restore RS0030
        return services;
    }

    /// <summary>A standard error whose reader may hang.</summary>
    private sealed class StandIn : StringWriter
    {
        private readonly ManualResetEventSlim _reads = new(true);

        public string[] Lines
        {
            get
            {
                lock (this) return ToString().Split('\n', StringSplitOptions.RemoveEmptyEntries);
            }
        }

        public void Hang() => _reads.Reset();

        public void Resume() => _reads.Set();

        public override void Write(string? value)
        {
            _reads.Wait();
            lock (this) base.Write(value);
        }

        protected override void Dispose(bool disposing)
        {
            _reads.Dispose();
            base.Dispose(disposing);
        }
    }
}
