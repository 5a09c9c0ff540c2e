using EdgePerception.EndToEnd.Tests.Service;
using EdgePerception.Runtime.Configuration;
using EdgePerception.Runtime.Hosting;
using EdgePerception.Runtime.Pipeline;
using EdgePerception.Runtime.Tests.Pipeline;
using EdgePerception.Sensors.Time;
using EdgePerception.Tests.Support;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting.Systemd;

namespace EdgePerception.EndToEnd.Tests;

/// <summary>
/// What systemd hears on its socket: of the program as a process, and of the service in virtual time.
/// </summary>
public sealed class SystemdTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task The_program_says_that_it_is_up_that_it_is_alive_and_that_it_ends(bool isAbstract)
    {
        using var systemd =
            isAbstract ? NotifySocket.Abstract() : new NotifySocket(Path.Combine(_folder.Path, "notify"));
        using var program = Start(systemd.Address);
        Assert.Equal("READY=1", systemd.Next());
        Assert.Matches("^WATCHDOG=1\nSTATUS=[A-Za-z]+, [0-9.]+ frames a second, safety [A-Za-z]+$", systemd.Next());
        program.Terminate();
        var last = systemd.Next();
        while (last.StartsWith("WATCHDOG=1", StringComparison.Ordinal)) last = systemd.Next();
        Assert.Equal("STOPPING=1", last);
        Assert.Equal(0, (await program.EndAsync()).ExitCode);
    }

    [Theory]
    [InlineData("/nowhere/at/all/notify")]
    [InlineData("@edge-perception-nobody-listens-here")]
    [InlineData(
        "/a/path/that/is/far/longer/than/what/a/socket/of/the/kernel/may/be/called/which/ends"
        + "/after/one/hundred/and/eight/bytes")]
    public async Task An_address_that_nobody_listens_at_neither_keeps_it_from_starting_nor_ends_it(string address)
    {
        using var program = Start(address, "--duration", "3s");
        var result = await program.EndAsync();
        Assert.True(result.ExitCode == 0, result.Errors);
        result.HasNoStackTrace();
    }

    [Fact]
    public async Task The_watchdog_is_fed_by_the_loops_progress_alone()
    {
        var time = new FakeTimeProvider();
        await using var messages = RecordedMessages.Start(new SensorClock(time));
        var configuration =
            ConfigurationFile.Read(_folder.Write("service.yaml", Configuration), ["pipeline.tickTimeoutMs=5000"]);
        var systemd = new Heard();
        await using var services = new ServiceCollection()
            .AddLogging().AddSingleton(new SensorClock(time)).AddSingleton<ISystemdNotifier>(systemd)
            .AddSensors(configuration).AddFusion(configuration).AddPolicy(configuration).AddMessaging(configuration)
            .AddPipeline(configuration)
            .AddSingleton(messages.Publisher)
            .BuildServiceProvider();
        services.GetRequiredService<HealthReporter>().Start();
        var loop = services.GetRequiredService<PerceptionPipeline>();

        // A loop that stands still between two ticks hangs as much as one within a tick.
        time.AdvanceBy(TimeSpan.FromSeconds(1), 20);
        Assert.Equal(5, systemd.Times);
        using var stop = new CancellationTokenSource();
        var running = Task.Run(() => loop.Run(stop.Token));
        time.AdvanceUntil(() => systemd.Times > 5, TimeSpan.FromMilliseconds(50));
        await stop.CancelAsync();
        await running;
        var fed = systemd.Times;
        time.AdvanceBy(TimeSpan.FromSeconds(1), 20);
        Assert.InRange(systemd.Times, fed, fed + 5);
    }

    public void Dispose() => _folder.Dispose();

    private string Configuration => $"cameras:\n{Settings.Synthetic("front")}{Settings.HangingDetector(_folder.Path)}";

    private EdgeProgram Start(string notify, params string[] more) => EdgeProgram.StartWith(
        "NOTIFY_SOCKET", notify, ["run", "--config", _folder.Write("service.yaml", Configuration), "--quiet", .. more]);

    private sealed class Heard : ISystemdNotifier
    {
        private int _times;

        public int Times => Volatile.Read(ref _times);

        public bool IsEnabled => true;

        public void Notify(ServiceState state) => Interlocked.Increment(ref _times);
    }
}
