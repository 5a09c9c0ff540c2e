using System.Text;
using EdgePerception.Policy.Safety;
using EdgePerception.Runtime.Gateway;
using EdgePerception.Sensors.Time;
using static EdgePerception.Runtime.Messaging.Messages.GroundingAnswer.Types;
using ActionKind = EdgePerception.Runtime.Messaging.Messages.ActionKind;
using GroundingAnswer = EdgePerception.Runtime.Messaging.Messages.GroundingAnswer;

namespace EdgePerception.Runtime.Tests.Gateway;

/// <summary>Who may permit motion after a start, and what is no arm.</summary>
public sealed class ArmDoorTests : IDisposable
{
    private const string Needed = "issuedAt: needed, the time at which it is given, as in 2026-05-04T12:00:00Z";

    private static readonly CommandSettings Options = new();

    private readonly FakeTimeProvider _time = new();
    private readonly SensorClock _clock;
    private readonly SafetySupervisor _safety;
    private readonly ArmDoor _door;

    public ArmDoorTests()
    {
        _clock = new SensorClock(_time);
        _safety = new SafetySupervisor(new SafetySettings(), _clock);
        _door = new ArmDoor(Options, _safety, _clock);
        _time.Advance(TimeSpan.FromSeconds(1));
    }

    public void Dispose() => _safety.Dispose();

    [Fact]
    public void An_arm_of_now_arms_and_is_answered_under_its_id()
    {
        var answer = Take($$"""{"id":"a.1_-Z","issuedAt":{{UnixMs()}},"note":"newer clients may say more"}""");
        Assert.Equal(("a.1_-Z", Outcome.Act, ActionKind.Arm), (answer.Id, answer.Outcome, answer.Action));
        Assert.True(_safety.State.IsArmed);
    }

    [Fact]
    public void An_instant_in_words_is_read_as_that_of_a_command()
    {
        Assert.Equal(Outcome.Act, Take($$"""{"id":"a","issued_at":"{{_clock.Now.Utc:O}}"}""").Outcome);
    }

    [Theory]
    [InlineData("", "id: needed")]
    [InlineData("{}", "id: needed")]
    [InlineData("""{"id":"a"}""", Needed)]
    [InlineData("""{"id":"a","issuedAt":null}""", Needed)]
    [InlineData("""{"id":"a b","issuedAt":1}""", "id: must be 1 to 64")]
    [InlineData("""{"id":7,"issuedAt":1}""", "id: must be 1 to 64")]
    [InlineData("""{"id":"a","id":"b","issuedAt":1}""", "id: given more than once")]
    [InlineData("""{"id":"a","issuedAt":1,"issuedAt":2}""", "issuedAt: given more than once")]
    [InlineData("""{"id":"a","issuedAt":"now"}""", "issuedAt: neither RFC 3339")]
    [InlineData("""{"id":"a","issuedAt":1.5}""", "issuedAt: not a whole number")]
    [InlineData("""{"id":"a","issuedAt":{}}""", "issuedAt: neither RFC 3339")]
    [InlineData("""["a",1]""", "a JSON object is expected")]
    [InlineData("""{"id":"a","issuedAt":1} x""", "not JSON")]
    [InlineData("arm", "not JSON")]
    [InlineData("""{"id":"a","issuedAt":1000}""", "the arm expired")]
    [InlineData("""{"id":"a","issuedAt":"2999-01-01T00:00:00Z"}""", "in the future")]
    public void Whatever_is_no_arm_of_now_is_refused_with_the_reason(string json, string reason)
    {
        var answer = Take(json);
        Assert.Equal(Outcome.Refuse, answer.Outcome);
        Assert.Contains(reason, answer.Reason, StringComparison.Ordinal);
        Assert.False(_safety.State.IsArmed);
    }

    [Fact]
    public void Bytes_that_are_too_many_or_no_text_are_refused()
    {
        Assert.Contains("at most 4096", Take(new string(' ', 4097)).Reason, StringComparison.Ordinal);
        Assert.Contains("not UTF-8 at byte 1", _door.Take([0xFF]).Reason, StringComparison.Ordinal);
        Assert.Contains("not JSON", Take("{\"x\":" + new string('[', 4000)).Reason, StringComparison.Ordinal);
    }

    [Fact]
    public void One_from_before_this_start_is_refused_however_fresh_it_is()
    {
        Assert.Contains(
            "before this start", _door.Arm("a", _clock.Now.Utc - TimeSpan.FromSeconds(1.5)), StringComparison.Ordinal);
        Assert.False(_safety.State.IsArmed);
    }

    [Fact]
    public void It_is_good_for_one_use_also_where_it_was_refused_for_a_halt()
    {
        var given = _clock.Now.Utc;
        var halt = _safety.Halt("a test");
        Assert.Contains($"a halt stands ({halt.Id}", _door.Arm("a", given), StringComparison.Ordinal);
        _safety.Resume();
        Assert.Contains("used before", _door.Arm("a", given), StringComparison.Ordinal);
        Assert.False(_safety.State.IsArmed);
        Assert.Null(_door.Arm("b", given));
        Assert.Contains("used before", _door.Arm("b", given), StringComparison.Ordinal);
    }

    [Fact]
    public void While_as_many_live_as_are_remembered_further_ones_are_refused_and_later_ones_are_not()
    {
        for (var i = 0; i < ArmDoor.Remembered; i++) Assert.Null(_door.Arm($"a{i}", _clock.Now.Utc));
        Assert.Contains("256 arms", _door.Arm("one-more", _clock.Now.Utc), StringComparison.Ordinal);
        _time.Advance(TimeSpan.FromMilliseconds(Options.DefaultTtlMs + Options.ClockSkewMs));
        Assert.Null(_door.Arm("one-more", _clock.Now.Utc));
    }

    private long UnixMs() => _clock.Now.Utc.ToUnixTimeMilliseconds();

    private GroundingAnswer Take(string json) => _door.Take(Encoding.UTF8.GetBytes(json));
}
