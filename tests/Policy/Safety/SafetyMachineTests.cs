using System.Text;
using EdgePerception.Policy.Safety;
using EdgePerception.Sensors.Diagnostics;
using EdgePerception.Sensors.Time;
using EdgePerception.Tests.Support;
using FsCheck;
using FsCheck.Fluent;
using FsCheck.Xunit;

namespace EdgePerception.Policy.Tests.Safety;

/// <summary>
/// The whole machine, walked through: every state that the real supervisor comes to, in virtual time, by whatever
/// order of events, and the picture of it that docs/safety.md shows.
/// </summary>
public sealed class SafetyMachineTests
{
    private static readonly string[] Events =
    [
        "decisions", "silence", "long silence", "halt", "resume", "old resume", "arm", "controller lost",
        "controller heard", "link lost", "link back", "not sure", "sure", "end",
    ];

    [Fact]
    public void No_state_permits_motion_without_all_that_it_needs()
    {
        var (states, _) = Walk();
        Assert.All(states.Values, world => world.CheckItself());
        // So many that the walk shows something, and all of them were reached by events alone.
        Assert.InRange(states.Count, 200, 20_000);
        Assert.Contains(states.Values, world => world.Safety.MayAct);
        foreach (var world in states.Values) world.Dispose();
    }

    [Fact]
    public void The_drawing_in_the_documents_is_the_machines()
    {
        var (states, steps) = Walk();
        foreach (var world in states.Values) world.Dispose();
        Approved.Block("docs/safety.md", "machine", Draw(steps));
        Approved.Block("docs/safety.md", "gate", Table());
    }

    [Property(MaxTest = 400, Replay = "19,37")]
    public Property Whatever_happens_the_supervisor_is_as_the_model_says() => Prop.ForAll(
        Gen.Elements(Events).ListOf(80).ToArbitrary(), happenings =>
        {
            using var world = new World();
            foreach (var happening in happenings)
            {
                world.Do(happening);
                world.CheckItself();
            }
        });

    private static (Dictionary<string, World> States, HashSet<(SafetyLevel From, string By, SafetyLevel To)> Steps)
        Walk()
    {
        var states = new Dictionary<string, World>();
        var steps = new HashSet<(SafetyLevel, string, SafetyLevel)>();
        var open = new Queue<string[]>();
        var start = new World();
        states[start.Key] = start;
        open.Enqueue([]);
        while (open.TryDequeue(out var path))
        {
            foreach (var happening in Events)
            {
                var world = World.After(path);
                var before = world.Safety.State.Level;
                world.Do(happening);
                var after = world.Safety.State.Level;
                if (before != after) steps.Add((before, happening, after));
                if (states.TryAdd(world.Key, world)) open.Enqueue([.. path, happening]);
                else world.Dispose();
            }
        }

        return (states, steps);
    }

    private static string Draw(IEnumerable<(SafetyLevel From, string By, SafetyLevel To)> steps)
    {
        var text = new StringBuilder("```mermaid\nstateDiagram-v2\n    [*] --> Degrade\n");
        foreach (var arrow in steps.GroupBy(step => (step.From, step.To)).OrderBy(arrow => arrow.Key))
        {
            var by = string.Join(", ", arrow.Select(step => step.By).Order(StringComparer.Ordinal));
            text.Append(null, $"    {arrow.Key.From} --> {arrow.Key.To}: {by}\n");
        }

        return text.Append("```").ToString();
    }

    private static string Table()
    {
        var settings = new SafetySettings();
        var text = new StringBuilder("| input | watches | counts after (keys of `safety`) | leads to | way back |\n");
        text.Append("|---|---|---|---|---|\n");
        foreach (var rule in SafetyGate.Rules)
        {
            var level = rule.Input switch
            {
                SafetyInput.Link => "`onLinkLost`",
                SafetyInput.Camera => "`onCameraLost`",
                SafetyInput.Microphone => "`onMicrophoneLost`",
                _ => Worst(rule, settings).ToString().ToLowerInvariant(),
            };
            text.Append(
                null,
                $"| `{TagNames.Of(rule.Input)}` | {rule.Watches} | {rule.Deadline} | {level} | {rule.WayBack} |\n");
        }

        return text.ToString().TrimEnd();
    }

    private static SafetyLevel Worst(SafetyRule rule, SafetySettings settings)
    {
        var longAgo = TimeSpan.FromDays(1);
        var ill = new SafetyInputs
        {
            IsEnded = true,
            IsHalted = true,
            SceneAge = longAgo,
            ControllerOverdue = longAgo,
            LinkLostFor = longAgo,
            CameraSilence = longAgo,
            MicrophoneSilence = longAgo,
            Lateness = longAgo,
            ClockJump = longAgo,
            TemperatureC = 1_000,
        };
        return rule.Judge(ill, settings);
    }

    /// <summary>
    /// The supervisor in virtual time, and beside it what a reader of the contract would expect of it.
    /// </summary>
    private sealed class World : IDisposable
    {
        private static readonly SafetySettings Settings = new();

        private readonly FakeTimeProvider _time = new();
        private readonly SensorClock _clock;
        private bool _halted;
        private bool _armed;
        private bool _ended;
        private bool _isOverdue;
        private bool _isLinkLost;
        private bool _isSure = true;
        private TimeSpan? _decided;
        private TimeSpan _inTimeSince;
        private TimeSpan _trouble;
        private TimeSpan _haltedAt;

        public World()
        {
            _clock = new SensorClock(_time);
            Safety = new SafetySupervisor(Settings, _clock)
            {
                Probes = new SafetyProbes
                {
                    ControllerOverdue = () => _isOverdue ? TimeSpan.FromMilliseconds(1) : TimeSpan.Zero,
                    LinkLostFor = () => _isLinkLost ? TimeSpan.FromMinutes(1) : TimeSpan.Zero,
                },
            };
            _trouble = _clock.Monotonic;
            Safety.Round();
        }

        public SafetySupervisor Safety { get; }

        /// <summary>All that can matter from here on, times reduced to what they are compared with.</summary>
        public string Key
        {
            get
            {
                var now = _clock.Monotonic;
                var age = _decided is not { } at ? "none" : now - at > Ms(Settings.HaltAfterMs) ? "lost"
                    : now - at > Ms(Settings.DegradeAfterMs) ? "stale" : "fresh";
                var inTime = _decided - _inTimeSince >= Ms(Settings.RecoverAfterMs);
                var calm = now - _trouble >= Ms(Settings.RecoverAfterMs);
                return $"{_halted} {_armed} {_ended} {_isOverdue} {_isLinkLost} {_isSure} {age} {inTime} {calm}";
            }
        }

        public static World After(IEnumerable<string> path)
        {
            var world = new World();
            foreach (var happening in path) world.Do(happening);
            return world;
        }

        public void Do(string happening)
        {
            switch (happening)
            {
                case "decisions":
                    // As many as lead through a recovery, and no more.
                    for (var i = 0; i < 3; i++) Decide();
                    break;
                case "silence":
                    Pass(1_100);
                    break;
                case "long silence":
                    Pass(3_100);
                    break;
                case "halt":
                    Pass(1);
                    Safety.Halt("a test");
                    (_halted, _haltedAt) = (true, _clock.Monotonic);
                    break;
                case "resume":
                    Assert.Equal(_halted && !_ended, Safety.Resume());
                    _halted &= _ended;
                    break;
                case "old resume":
                    if (_halted)
                        Assert.NotEqual(ResumeOutcome.Lifted, Safety.Resume("", _haltedAt - Ms(1)));
                    break;
                case "arm":
                    Assert.Equal(!_halted && !_ended, Safety.Arm() is null);
                    _armed |= !_halted && !_ended;
                    break;
                case "end":
                    Safety.End("a test");
                    _ended = true;
                    break;
                case "controller lost" or "controller heard":
                    _isOverdue = happening == "controller lost";
                    break;
                case "link lost" or "link back":
                    _isLinkLost = happening == "link lost";
                    break;
                default:
                    _isSure = happening == "sure";
                    Safety.Believe(_isSure ? 1 : 0.1);
                    break;
            }

            Look();
        }

        /// <summary>The contract: what must hold of every state.</summary>
        public void CheckItself()
        {
            var state = Safety.State;
            var now = _clock.Monotonic;
            var isFresh = _decided is { } at && now - at <= Ms(Settings.DegradeAfterMs);
            var isRecovered = isFresh && _decided - _inTimeSince >= Ms(Settings.RecoverAfterMs)
                && now - _trouble >= Ms(Settings.RecoverAfterMs);
            var expected = !_ended && !_halted && _armed && isFresh && isRecovered && !_isOverdue && !_isLinkLost
                && _isSure;
            Assert.True(expected == Safety.MayAct, $"{expected} expected: {state}; {Key}");
            Assert.Equal(expected, state.Level == SafetyLevel.Act);
            Assert.Equal((_halted, _armed), (state.NeedsResume, state.IsArmed));
            if (_ended || _halted || _isOverdue) Assert.Equal(SafetyLevel.Halt, state.Level);
        }

        public void Dispose() => Safety.Dispose();

        private void Decide()
        {
            Pass(250);
            var now = _clock.Monotonic;
            if (_decided is not { } before || now - before > Ms(Settings.DegradeAfterMs)) _inTimeSince = now;
            _decided = now;
            Safety.Decided(now);
        }

        private void Pass(int ms)
        {
            // Not more at a time than would look like a thread that came too late.
            for (var left = ms; left > 0; left -= 50)
            {
                _time.Advance(Ms(Math.Min(50, left)));
                Look();
            }
        }

        private void Look()
        {
            if (_isOverdue || _isLinkLost) _trouble = _clock.Monotonic;
            Safety.Round();
        }

        private static TimeSpan Ms(int milliseconds) => TimeSpan.FromMilliseconds(milliseconds);
    }
}
