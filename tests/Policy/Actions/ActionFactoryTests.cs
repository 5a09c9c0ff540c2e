using EdgePerception.Fusion.Geometry;
using EdgePerception.Fusion.Scenes;
using EdgePerception.Policy.Actions;
using EdgePerception.Policy.Grounding;
using EdgePerception.Policy.Language;

namespace EdgePerception.Policy.Tests.Actions;

public class ActionFactoryTests
{
    private static readonly TimeSpan Now = TimeSpan.FromSeconds(100);
    private readonly ActionFactory _factory = new("a1b2", TimeSpan.FromSeconds(5));
    private readonly Scene _scene = new();

    public ActionFactoryTests()
    {
        foreach (var (id, label) in new[] { ("t1", "cup"), ("t2", "person"), ("t3", "bottle"), ("t4", "dog") })
            _scene.Objects.Add(new SceneObject(id, "front", label, 0.8f, new BoundingBox(1, 2, 3, 4), null, null));
    }

    [Fact]
    public void An_action_holds_the_objects_as_they_were_seen()
    {
        var action =
            _factory.Create(Answer() with { Target = "t1", Destination = "t2", Avoid = ["t4", "t3"] }, _scene, Now);
        // The scene is reused for the next instant; the action must not follow it.
        _scene.Objects.Clear();
        Assert.Equal(("c-1", RobotActionKind.Bring, (double?)0.9), (action.CommandId, action.Kind, action.Confidence));
        Assert.Equal(("cup", "person"), (action.Target?.Label, action.Destination?.Label));
        Assert.Equal(["dog", "bottle"], action.Avoid.Select(o => o.Label));
        Assert.Equal([new ActionStep(RobotActionKind.Bring, "t1", "t2")], action.Steps);
    }

    [Fact]
    public void An_action_without_objects_has_none()
    {
        var action =
            _factory.Create(Answer() with { Action = RobotActionKind.Avoid, Target = null, Avoid = ["t4"], Steps = [] },
                _scene, Now);
        Assert.Null(action.Target);
        Assert.Null(action.Destination);
        Assert.Equal(["t4"], action.Avoid.Select(o => o.Id));
    }

    [Fact]
    public void An_action_holds_the_distances_to_keep()
    {
        var answer = Answer() with { Avoid = ["t4", "t3"], Distances = [new KeepDistance("t3", 2.5)] };
        Assert.Equal([new KeepDistance("t3", 2.5)], _factory.Create(answer, _scene, Now).Distances);
        Assert.Empty(_factory.Create(answer with { Distances = [] }, _scene, Now).Distances);
    }

    [Theory]
    [InlineData("t2", 1, "'t2', which is not to be avoided")]
    [InlineData("t4", 0, "0 m away from 't4'; give more than 0")]
    [InlineData("t4", -1, "-1 m away from 't4'; give more than 0")]
    [InlineData("t4", double.NaN, "NaN m away from 't4'; give more than 0")]
    [InlineData("t4", double.PositiveInfinity, "m away from 't4'; give more than 0")]
    public void A_distance_that_nobody_could_keep_makes_no_action(string id, double metres, string why)
    {
        var answer = Answer() with { Avoid = ["t4"], Distances = [new KeepDistance(id, metres)] };
        Assert.Contains(why, Assert.Throws<ArgumentException>(() => _factory.Create(answer, _scene, Now)).Message);
    }

    [Fact]
    public void It_must_be_started_within_its_lifetime() =>
        Assert.Equal(Now + TimeSpan.FromSeconds(5), _factory.Create(Answer(), _scene, Now).ExpiresAt);

    [Theory]
    [InlineData("t9", null, null)]
    [InlineData(null, "t9", null)]
    [InlineData(null, null, "t9")]
    [InlineData("T1", null, null)]
    [InlineData("", null, null)]
    public void An_object_that_is_not_in_the_scene_is_told(string? target, string? destination, string? avoid)
    {
        var answer =
            Answer() with
            {
                Target = target,
                Destination = destination,
                Avoid = avoid is null ? [] : [avoid],
                Steps = [],
            };
        var e = Assert.Throws<ArgumentException>(() => _factory.Create(answer, _scene, Now));
        Assert.Contains($"'{target ?? destination ?? avoid}', which is not in the scene", e.Message);
    }

    [Theory]
    [InlineData(GroundingOutcome.Clarify)]
    [InlineData(GroundingOutcome.Absent)]
    [InlineData(GroundingOutcome.Refuse)]
    public void Only_an_answer_to_act_becomes_an_action(GroundingOutcome outcome) =>
        Assert.Throws<ArgumentException>(() => _factory.Create(Answer() with { Outcome = outcome }, _scene, Now));

    [Fact]
    public void A_stop_needs_no_scene_and_has_one_step()
    {
        var stop = _factory.Stop("c-2", Now);
        Assert.Equal(("c-2", RobotActionKind.Stop, (double?)null), (stop.CommandId, stop.Kind, stop.Confidence));
        Assert.Equal([new ActionStep(RobotActionKind.Stop, null, null)], stop.Steps);
        Assert.True(stop.ExpiresAt > Now);
        Assert.Null(stop.Target);
        Assert.Empty(stop.Avoid);
    }

    [Fact]
    public void Ids_tell_the_start_of_the_service_and_are_unique_over_threads()
    {
        var ids = new string[4_000];
        Parallel.For(0, ids.Length, i => ids[i] = i % 2 == 0
            ? _factory.Stop("c", Now).Id
            : _factory.Create(Answer() with { Target = null, Steps = [] }, _scene, Now).Id);
        Assert.Equal(ids.Length, ids.Distinct().Count());
        Assert.All(ids, id => Assert.Matches("^a1b2-[0-9]+$", id));
    }

    private static GroundingAnswer Answer() => new()
    {
        Id = "c-1",
        Outcome = GroundingOutcome.Act,
        Action = RobotActionKind.Bring,
        Target = "t1",
        Confidence = 0.9,
        Steps = [new ActionStep(RobotActionKind.Bring, "t1", "t2")],
    };
}
