using EdgePerception.Policy.Commands;
using FsCheck.Xunit;

namespace EdgePerception.Policy.Tests.Commands;

/// <summary>
/// Random events over the real lives, held against a model that knows no more than who said what of which motion.
/// </summary>
public sealed class CommandLivesModelTests
{
    private static readonly string[] Names = ["arm", "base", "head"];

    private readonly CommandLives _lives = new();
    private readonly List<LifeStep> _told = [];
    private readonly List<PendingCommand> _commands = [];
    private readonly HashSet<string> _registered = [];
    private Motion? _moving;
    private TimeSpan _now = TimeSpan.FromSeconds(1);

    [Property(MaxTest = 500, Replay = "17,31")]
    public void Lives_are_as_the_model_says_whatever_comes_in_any_order((byte Event, byte A, byte B)[] events)
    {
        var test = new CommandLivesModelTests();
        test._lives.Stepped += (_, step) => test._told.Add(step);
        foreach (var (happened, a, b) in events.Concat(events).Concat(events)) test.Step(happened % 12, a, b);
        test.HoldsTogether();
    }

    private void Step(int happened, byte a, byte b)
    {
        var name = Names[a % Names.Length];
        var action = _commands.Count == 0 ? "none" : $"a{b % _commands.Count}";
        var isMoving = _moving is not null && _moving.Action == action;
        switch (happened)
        {
            case 0 or 1:
                Accept();
                break;
            case 2:
                _lives.Registered(name);
                _registered.Add(name);
                break;
            case 3:
                _lives.Lost(name, "gone");
                _registered.Remove(name);
                if (_moving is { } moving && moving.Says(name, "accepted")) End(LifeState.Failed);
                else if (_moving?.Said.ContainsKey(name) == true && _moving.Leave(name)) EndIfRefused();
                break;
            case 4 or 5:
                _lives.Acknowledged(name, action, accepted: true, "");
                if (isMoving) _moving!.Accept(name);
                break;
            case 6:
                _lives.Acknowledged(name, action, accepted: false, "busy");
                if (isMoving && _moving!.Leave(name)) EndIfRefused();
                break;
            case 7 or 8:
                var progress = (PartProgress)(b % 4);
                _lives.Progressed(name, action, progress, "");
                if (isMoving) Progress(name, progress);
                break;
            case 9:
                _now += TimeSpan.FromMilliseconds(a);
                _lives.Expire(_now);
                if (_moving is { IsTakenOn: false } waits && _now >= waits.Deadline) End(LifeState.Expired);
                break;
            case 10:
                _lives.EndMotion(LifeState.Cancelled, "a halt", Initiator.Safety);
                if (_moving is not null) End(LifeState.Cancelled);
                break;
            default:
                Answer(a);
                break;
        }

        Assert.Equal(_moving?.Action, _lives.Moving?.ActionId);
        if (_moving is not null)
            Assert.Equal(_moving.IsTakenOn ? LifeState.Executing : LifeState.Accepted, _lives.Moving!.State);
    }

    private void Accept()
    {
        var command = New();
        var action = $"a{_commands.Count - 1}";
        _lives.Grounded(command);
        _lives.Accept(command, action, _now, _now + TimeSpan.FromMilliseconds(200));
        if (_moving is not null) End(LifeState.PreEmpted);
        _moving = new Motion(command.Id, action, _now + TimeSpan.FromMilliseconds(200), _registered);
    }

    private void Answer(byte which)
    {
        var command = New();
        if (which % 2 == 0) _lives.Grounded(command);
        _lives.End(command, which % 3 == 0 ? LifeState.Done : LifeState.Refused, "", Initiator.Loop);
        // Said once more of a life that has ended, or by its copy at the door.
        _lives.End(command, LifeState.Cancelled, "", Initiator.Loop);
        _lives.Take(new DoorNote(New(command.Id), LifeState.Done));
    }

    private void Progress(string name, PartProgress progress)
    {
        _moving!.Accept(name);
        if (!_moving.Says(name, "accepted") || progress == PartProgress.Running) return;
        if (progress == PartProgress.Succeeded)
        {
            _moving.Said[name] = "succeeded";
            if (!_moving.Said.ContainsValue("accepted")) End(LifeState.Done);
        }
        else End(progress == PartProgress.Failed ? LifeState.Failed : LifeState.Cancelled);
    }

    private void EndIfRefused()
    {
        if (_moving is { IsTakenOn: false } && _moving.Said.Values.All(said => said == "out")) End(LifeState.Failed);
    }

    private void End(LifeState state)
    {
        Assert.Equal(state, _told.Last(step => step.CommandId == _moving!.Command).State);
        _moving = null;
    }

    private PendingCommand New(string? id = null)
    {
        var command = new PendingCommand(id ?? $"c{_commands.Count}", "", "", _now, _now);
        if (id is null) _commands.Add(command);
        return command;
    }

    private void HoldsTogether()
    {
        foreach (var life in _told.GroupBy(step => step.CommandId))
        {
            Assert.Equal(Enumerable.Range(1, life.Count()), life.Select(step => step.Number));
            Assert.Equal(LifeState.Received, life.First().State);
            Assert.All(life.Zip(life.Skip(1)), pair =>
                Assert.True(LifeTransitions.Allows(pair.First.State, pair.Second.State)));
        }

        var moving = 0;
        foreach (var step in _told.Where(step => step.ActionId.Length > 0))
        {
            if (step.State == LifeState.Accepted) moving++;
            else if (LifeTransitions.IsEnd(step.State)) moving--;
            Assert.InRange(moving, 0, 1);
        }

        Assert.InRange(_lives.Count, 0, CommandLives.Remembered + 1);
    }

    private sealed class Motion(string command, string action, TimeSpan deadline, IEnumerable<string> asked)
    {
        public string Command => command;

        public string Action => action;

        public TimeSpan Deadline => deadline;

        public Dictionary<string, string> Said { get; } = asked.ToDictionary(name => name, _ => "asked");

        public bool IsTakenOn { get; private set; }

        public bool Says(string name, string what) => Said.GetValueOrDefault(name, "asked") == what;

        public void Accept(string name)
        {
            if (!Says(name, "asked")) return;
            Said[name] = "accepted";
            IsTakenOn = true;
        }

        public bool Leave(string name)
        {
            if (!Says(name, "asked")) return false;
            Said[name] = "out";
            return true;
        }
    }
}
