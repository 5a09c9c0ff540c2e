using System.Text;
using EdgePerception.Policy.Safety;
using EdgePerception.Runtime.Gateway;
using EdgePerception.Sensors.Time;
using static EdgePerception.Runtime.Messaging.Messages.GroundingAnswer.Types;
using ActionKind = EdgePerception.Runtime.Messaging.Messages.ActionKind;
using GroundingAnswer = EdgePerception.Runtime.Messaging.Messages.GroundingAnswer;

namespace EdgePerception.Runtime.Tests.Gateway;

/// <summary>Who may lift a halt, and which.</summary>
public sealed class ResumeDoorTests : IDisposable
{
    private readonly FakeTimeProvider _time = new();
    private readonly SensorClock _clock;
    private readonly SafetySupervisor _safety;

    public ResumeDoorTests()
    {
        _clock = new SensorClock(_time);
        _safety = new SafetySupervisor(new SafetySettings(), _clock);
    }

    public void Dispose() => _safety.Dispose();

    [Theory]
    [InlineData("")]
    [InlineData("{}")]
    [InlineData("""{"id":null}""")]
    public void An_empty_one_lifts_the_newest_halt_and_arms_nothing(string payload)
    {
        _safety.Halt("first");
        var halt = _safety.Halt("second");
        var answer = Take(payload);
        Assert.Equal((halt.Id, Outcome.Act, ActionKind.Resume), (answer.Id, answer.Outcome, answer.Action));
        Assert.Equal((false, false), (_safety.State.NeedsResume, _safety.State.IsArmed));
    }

    [Fact]
    public void Where_a_name_is_asked_for_only_one_that_names_the_halt_lifts_it()
    {
        var halt = _safety.Halt("a test");
        var answer = Take("", named: true);
        Assert.Equal((halt.Id, Outcome.Refuse, ResumeRefusals.NotNamed), (answer.Id, answer.Outcome, answer.Reason));
        Assert.NotNull(_safety.Standing);
        Assert.Equal(Outcome.Act, Take($$"""{"id":"{{halt.Id}}"}""", named: true).Outcome);
        Assert.Null(_safety.Standing);
    }

    [Fact]
    public void One_that_names_an_older_halt_is_refused_and_told_where_the_name_stands()
    {
        var old = _safety.Halt("first");
        _safety.Halt("second");
        var answer = Take($$"""{"id":"{{old.Id}}"}""");
        Assert.Equal((old.Id, Outcome.Refuse), (answer.Id, answer.Outcome));
        Assert.Contains("haltId", answer.Reason, StringComparison.Ordinal);
        Assert.NotNull(_safety.Standing);
    }

    [Fact]
    public void One_that_was_given_before_the_newest_halt_is_refused_though_it_comes_after()
    {
        var given = _clock.Now.Utc.ToUnixTimeMilliseconds();
        _time.Advance(TimeSpan.FromMilliseconds(500));
        _safety.Halt("somebody else");
        var answer = Take($$"""{"issuedAt":{{given}}}""");
        Assert.Contains("before the newest halt", answer.Reason, StringComparison.Ordinal);
        Assert.NotNull(_safety.Standing);
        Assert.Equal(Outcome.Act, Take($$"""{"issuedAt":{{given + 500}}}""").Outcome);
    }

    [Theory]
    [InlineData("""{"issuedAt":1000}""", "the resume expired")]
    [InlineData("""{"issuedAt":"2999-01-01T00:00:00Z"}""", "in the future")]
    [InlineData("""{"id":"#"}""", "id: must be")]
    [InlineData("resume", "not JSON")]
    [InlineData("[]", "a JSON object is expected")]
    public void What_is_old_from_the_future_or_unreadable_lifts_nothing(string payload, string reason)
    {
        _safety.Halt("a test");
        var answer = Take(payload);
        Assert.Equal(Outcome.Refuse, answer.Outcome);
        Assert.Contains(reason, answer.Reason, StringComparison.Ordinal);
        Assert.NotNull(_safety.Standing);
    }

    [Fact]
    public void Where_nothing_stands_or_the_service_ends_it_says_so()
    {
        Assert.Contains("no halt stands", Take("").Reason, StringComparison.Ordinal);
        _safety.End("the service ends");
        Assert.Contains("the service ends", Take("").Reason, StringComparison.Ordinal);
    }

    private GroundingAnswer Take(string payload, bool named = false) =>
        new ResumeDoor(new SafetySettings { RequireNamedResume = named }, new CommandSettings(), _safety, _clock)
            .Take(Encoding.UTF8.GetBytes(payload));
}
