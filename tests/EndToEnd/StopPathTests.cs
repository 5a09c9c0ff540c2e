using System.Globalization;
using EdgePerception.EndToEnd.Tests.Service;
using EdgePerception.Runtime.Messaging.Transports.ZeroMq;
using Xunit.Abstractions;

namespace EdgePerception.EndToEnd.Tests;

/// <summary>
/// Every stop arrives, whatever the machine and its neighbours are at: the program, a real broker, a controller, and
/// counts that grow with <c>make test-long</c>. The times are printed and none is asserted; benchmarks/RESULTS.md has
/// those of a quiet machine.
/// </summary>
public sealed class StopPathTests(ITestOutputHelper output)
{
    [Theory]
    [InlineData(ZeroMqLibrary.Netmq)]
    [InlineData(ZeroMqLibrary.Libzmq)]
    public async Task Every_stop_arrives_at_rest(ZeroMqLibrary library)
    {
        await using var lab = await StopLab.StartAsync(library);
        Arrived(await lab.HaltsAsync($"at rest, halt, {library}", Count(50, 10_000)));
        Arrived(await lab.StopCommandsAsync($"at rest, command, {library}", Count(50, 10_000)));
        await TellShareAsync(lab);
    }

    [Theory]
    [InlineData(ZeroMqLibrary.Netmq)]
    [InlineData(ZeroMqLibrary.Libzmq)]
    public async Task Every_stop_arrives_under_all_of_it_at_once(ZeroMqLibrary library)
    {
        await using var lab = await StopLab.StartAsync(library, isHung: true, isUnread: true);
        lab.Overbook(4);
        lab.Flood("junk", 5_000);
        lab.Flood("long", 5_000);
        Arrived(await lab.HaltsAsync($"under all of it, halt, {library}", Count(50, 10_000)));
        await TellShareAsync(lab);
    }

    [Fact]
    public async Task Every_command_that_says_stop_halts_in_a_flood_of_commands()
    {
        await using var lab = await StopLab.StartAsync(ZeroMqLibrary.Netmq);
        lab.Flood("junk", 2_000);
        lab.Flood("long", 500);
        Arrived(await lab.StopCommandsAsync("in a flood, command, Netmq", Count(30, 1_000)));
    }

    [Fact]
    public async Task The_first_stop_after_each_start_arrives()
    {
        var first = new Trials("the first after a start, halt, Netmq");
        for (var start = 0; start < Count(2, 200); start++)
        {
            await using var lab = await StopLab.StartAsync(ZeroMqLibrary.Netmq);
            first.Add((await lab.HaltsAsync("one", 1)) is { Lost: 0 } one ? TimeSpan.FromMilliseconds(one.Most) : null);
        }

        Arrived(first);
    }

    private static int Count(int few, int many) => Trials.AreMany ? many : few;

    private void Arrived(Trials trials)
    {
        output.WriteLine($"{trials}");
        Assert.True(trials.Lost == 0, $"{trials}");
    }

    private async Task TellShareAsync(StopLab lab)
    {
        var stats = await lab.StatsAsync();
        output.WriteLine(string.Create(
            CultureInfo.InvariantCulture,
            $"  of it in the service, {stats.Stops}: p50 {stats.StopP50Ms}, p99 {stats.StopP99Ms}, "
            + $"p99.9 {stats.StopP999Ms} ms"));
    }
}
