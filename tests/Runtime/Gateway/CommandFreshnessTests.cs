using EdgePerception.Runtime.Gateway;
using EdgePerception.Runtime.Messaging.Messages;
using EdgePerception.Sensors.Time;
using FsCheck.Xunit;
using Google.Protobuf.WellKnownTypes;

namespace EdgePerception.Runtime.Tests.Gateway;

/// <summary>When a command still counts.</summary>
public sealed class CommandFreshnessTests
{
    private static readonly SensorTime Received = new(
        TimeSpan.FromHours(1), new DateTimeOffset(2026, 5, 4, 12, 0, 0, TimeSpan.Zero));
    private static readonly CommandSettings Options = new() { DefaultTtlMs = 10_000, ClockSkewMs = 2000 };

    [Fact]
    public void Without_an_instant_it_counts_from_its_receipt() =>
        Assert.Equal(Received.Monotonic + TimeSpan.FromSeconds(10), Check(new Command()).Deadline);

    [Fact]
    public void Without_an_instant_it_is_refused_where_the_device_requires_one() =>
        Assert.Equal("issuedAt is missing, and this device requires it",
            Check(new Command(), Options with { RequireIssuedAt = true }).Refusal);

    [Fact]
    public void Its_age_is_taken_from_its_life() =>
        Assert.Equal(Received.Monotonic + TimeSpan.FromSeconds(3), Check(Issued(-2000, 5000)).Deadline);

    [Theory]
    [InlineData(-5000)]
    [InlineData(-5001)]
    [InlineData(-86_400_000)]
    public void It_is_refused_from_the_instant_on_at_which_it_expires(int issuedMs) =>
        Assert.StartsWith("the command expired", Check(Issued(issuedMs, 5000)).Refusal, StringComparison.Ordinal);

    [Fact]
    public void It_counts_until_just_before() => Assert.True(Check(Issued(-4999, 5000)).IsFresh);

    [Fact]
    public void A_clock_that_is_a_little_ahead_is_taken_as_now() =>
        Assert.Equal(Received.Monotonic + TimeSpan.FromSeconds(5), Check(Issued(2000, 5000)).Deadline);

    [Fact]
    public void A_command_from_the_future_is_refused() =>
        Assert.Equal("issuedAt lies 2.001 s in the future, more than the 2.0 s that clocks may differ",
            Check(Issued(2001, 5000)).Refusal);

    [Property(Replay = "17,31")]
    public void Its_deadline_never_lies_beyond_its_life(int issuedMs, uint ttlMs)
    {
        var command = Issued(issuedMs, (ttlMs % 600_000) + 1);
        var freshness = Check(command);
        if (!freshness.IsFresh) return;
        Assert.True(freshness.Deadline > Received.Monotonic);
        Assert.True(freshness.Deadline <= Received.Monotonic + TimeSpan.FromMilliseconds(command.TtlMs));
    }

    private static Command Issued(int offsetMs, uint ttlMs) =>
        new() { TtlMs = ttlMs, IssuedAt = Timestamp.FromDateTimeOffset(Received.Utc.AddMilliseconds(offsetMs)) };

    private static Freshness Check(Command command, CommandSettings? options = null) =>
        CommandFreshness.Check(command, Received, options ?? Options);
}
