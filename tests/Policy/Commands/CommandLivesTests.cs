using EdgePerception.Policy.Commands;

namespace EdgePerception.Policy.Tests.Commands;

public sealed class CommandLivesTests
{
    private static readonly TimeSpan Now = TimeSpan.FromSeconds(10);
    private static readonly TimeSpan Deadline = Now + TimeSpan.FromSeconds(2);

    private readonly CommandLives _lives = new();
    private readonly List<LifeStep> _steps = [];

    public CommandLivesTests() => _lives.Stepped += (_, step) => _steps.Add(step);

    [Fact]
    public void A_motion_that_two_take_on_is_done_when_both_have_done_it()
    {
        Register("arm", "base", "torch");
        Accept("pick");
        _lives.Acknowledged("torch", "a-pick", accepted: false, "no part of mine");
        _lives.Acknowledged("arm", "a-pick", accepted: true, "");
        _lives.Acknowledged("base", "a-pick", accepted: true, "");
        _lives.Progressed("arm", "a-pick", PartProgress.Running, "");
        _lives.Progressed("arm", "a-pick", PartProgress.Succeeded, "held");
        Assert.NotNull(_lives.Moving);
        _lives.Progressed("base", "a-pick", PartProgress.Succeeded, "there");
        Assert.Null(_lives.Moving);
        Assert.Equal(
            ["Received by Mqtt me", "Grounded by Loop", "Accepted by Loop", "Executing by Controller arm",
                "Done by Controller base: there"], Told("pick"));
        Assert.Equal([1, 2, 3, 4, 5], _steps.Select(step => step.Number));
        Assert.Equal(["", "", "a-pick", "a-pick", "a-pick"], _steps.Select(step => step.ActionId));
    }

    [Fact]
    public void A_motion_that_all_refuse_fails_with_their_reasons()
    {
        Register("arm", "base");
        Accept("pick");
        _lives.Acknowledged("arm", "a-pick", accepted: false, "it is too heavy");
        Assert.NotNull(_lives.Moving);
        _lives.Acknowledged("base", "a-pick", accepted: false, "");
        Assert.Equal(
            "Failed by Controller base: no controller takes it on: arm: it is too heavy; base", Told("pick")[^1]);
    }

    [Fact]
    public void A_motion_whose_controller_is_lost_fails_and_one_that_was_only_asked_does_not_count()
    {
        Register("arm", "base");
        Accept("pick");
        _lives.Acknowledged("arm", "a-pick", accepted: true, "");
        _lives.Lost("base", "its connection is gone");
        Assert.NotNull(_lives.Moving);
        _lives.Lost("arm", "its connection is gone");
        Assert.Equal(
            "Failed by Controller arm: its controller arm was lost: its connection is gone", Told("pick")[^1]);
    }

    [Fact]
    public void A_motion_fails_where_the_last_that_could_take_it_on_is_lost()
    {
        Register("arm");
        Accept("pick");
        _lives.Lost("arm", "its connection is gone");
        Assert.Equal(
            "Failed by Controller arm: no controller takes it on: arm: it was lost, its connection is gone",
            Told("pick")[^1]);
    }

    [Fact]
    public void A_motion_that_nobody_takes_on_in_time_expires()
    {
        Register("arm");
        Accept("pick");
        _lives.Expire(Deadline - TimeSpan.FromTicks(1));
        Assert.NotNull(_lives.Moving);
        _lives.Expire(Deadline);
        Assert.Equal("Expired by Loop: no controller took it on within 2000 ms", Told("pick")[^1]);
        Accept("place");
        _lives.Acknowledged("arm", "a-place", accepted: true, "");
        _lives.Expire(Deadline);
        Assert.NotNull(_lives.Moving);
    }

    [Theory]
    [InlineData(PartProgress.Failed, "Failed")]
    [InlineData(PartProgress.Cancelled, "Cancelled")]
    public void One_controller_that_breaks_off_ends_the_motion_with_its_words(PartProgress progress, string state)
    {
        Register("arm", "base");
        Accept("pick");
        _lives.Acknowledged("base", "a-pick", accepted: true, "");
        _lives.Progressed("arm", "a-pick", progress, "it slipped");
        Assert.Equal($"{state} by Controller arm: it slipped", Told("pick")[^1]);
    }

    [Fact]
    public void Progress_stands_for_an_acknowledgement_that_was_left_out()
    {
        Register("arm");
        Accept("pick");
        _lives.Progressed("arm", "a-pick", PartProgress.Succeeded, "");
        Assert.Equal(["Executing by Controller arm", "Done by Controller arm"], Told("pick")[^2..]);
    }

    [Fact]
    public void A_newer_motion_takes_the_place_of_the_one_under_way_before_it_is_accepted()
    {
        Register("arm");
        Accept("pick");
        Accept("place");
        Assert.Equal("PreEmpted by Mqtt me: command place takes its place", Told("pick")[^1]);
        Assert.Equal("place", _lives.Moving?.Command.Id);
        Assert.Equal(["PreEmpted", "Accepted"], _steps.Select(step => step.State.ToString()).TakeLast(2));
    }

    [Fact]
    public void What_a_controller_says_of_a_motion_that_has_ended_changes_nothing()
    {
        Register("arm");
        Accept("pick");
        _lives.EndMotion(LifeState.Cancelled, "a test", Initiator.Safety);
        var told = _steps.Count;
        _lives.Acknowledged("arm", "a-pick", accepted: true, "");
        _lives.Progressed("arm", "a-pick", PartProgress.Succeeded, "");
        _lives.EndMotion(LifeState.Failed, "a test", Initiator.Loop);
        _lives.Lost("arm", "gone");
        Assert.Equal(told, _steps.Count);
    }

    [Fact]
    public void What_cannot_follow_is_passed_over()
    {
        var command = Command("report");
        _lives.Grounded(command);
        _lives.End(command, LifeState.Done, "", Initiator.Loop);
        _lives.Accept(command, "a", Now, Deadline);
        _lives.End(command, LifeState.Refused, "", Initiator.Loop);
        _lives.Grounded(command);
        Assert.Null(_lives.Moving);
        Assert.Equal(["Received by Mqtt me", "Grounded by Loop", "Done by Loop"], Told("report"));
    }

    [Fact]
    public void What_the_door_ended_is_told_once_and_begins_no_second_life_under_its_id()
    {
        _lives.Take(new DoorNote(Command("s"), LifeState.Done));
        _lives.Take(new DoorNote(Command("s"), LifeState.Done));
        Assert.Equal(["Received by Mqtt me", "Done by Mqtt me"], Told("s"));
        var command = Command("c");
        _lives.Grounded(command);
        _lives.Take(new DoorNote(command));
        _lives.Take(new DoorNote(Command("c"), LifeState.Refused, "expired"));
        Assert.Equal(["Received by Mqtt me", "Grounded by Loop"], Told("c"));
    }

    [Fact]
    public void An_id_may_be_given_again_once_the_door_takes_it_for_new()
    {
        for (var i = 0; i < 2; i++) _lives.End(Command("c"), LifeState.Refused, "busy", Initiator.Loop);
        Assert.Equal(4, Told("c").Count);
    }

    [Fact]
    public void All_that_live_are_kept_and_the_newest_of_those_that_ended()
    {
        Register("arm");
        Accept("long");
        for (var i = 0; i < 1000; i++)
            _lives.Take(new DoorNote(Command($"s{i}"), LifeState.Done));
        Assert.Equal(CommandLives.Remembered + 1, _lives.Count);
        Assert.Equal("long", _lives.Moving?.Command.Id);
        _lives.Take(new DoorNote(Command("s0"), LifeState.Done));
        Assert.Equal(4, Told("s0").Count);
        _lives.Take(new DoorNote(Command("s999"), LifeState.Done));
        Assert.Equal(2, Told("s999").Count);
    }

    private void Register(params string[] names)
    {
        foreach (var name in names) _lives.Registered(name);
    }

    private void Accept(string id)
    {
        var command = Command(id);
        _lives.Take(new DoorNote(command));
        _lives.Grounded(command);
        _lives.Accept(command, $"a-{id}", Now, Deadline);
    }

    private List<string> Told(string id) =>
        [.. _steps.Where(step => step.CommandId == id).Select(step =>
            $"{step.State} by {$"{step.By.Door} {step.By.Who}".TrimEnd()}"
            + (step.Reason.Length > 0 ? $": {step.Reason}" : ""))];

    private static PendingCommand Command(string id) => new(id, id, "", Now, Deadline, "me");
}
