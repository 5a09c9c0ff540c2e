using EdgePerception.Policy.Grounding;
using EdgePerception.Policy.Language;

namespace EdgePerception.Policy.Tests.Grounding;

public class RuleExecutorTests
{
    private const string Kitchen = """
        mug cup 100 300 40 50 red=0.8 white=0.1
        mug2 cup 400 300 60 75 blue=0.8
        bottle bottle 250 250 40 110 green=0.7
        bowl bowl 500 320 80 50 white=0.9
        apple apple 330 330 30 30 red=0.7 green=0.2
        table dining_table 60 340 560 130 brown=0.8
        """;

    private const string Street = """
        p1 person 60 120 60 200 blue=0.3 cyan=0.15 black=0.3 vx=-40 vy=0
        p2 person 300 140 60 200 red=0.4 grey=0.3 vx=0 vy=0
        p3 person 520 100 60 180 black=0.6 white=0.2 vx=60 vy=0
        v1 car 350 60 120 80 white=0.7 black=0.2 vx=0 vy=0
        v2 truck 120 50 140 100 red=0.7 vx=0 vy=0
        d1 dog 200 300 60 50 brown=0.7 vx=20 vy=5
        """;

    [Theory]
    [InlineData("pick up the red mug", "act:mug")]
    [InlineData("grab the blue cup please", "act:mug2")]
    [InlineData("bring me the mug", "clarify")]
    [InlineData("bring me the banana", "absent")]
    [InlineData("bring me the red mug left of the bottle", "act:mug")]
    [InlineData("bring me the red mug left of the bottle, but avoid the spill", "clarify")]
    [InlineData("bring me the cup right of the bottle", "act:mug2")]
    [InlineData("bring me the bigger cup", "act:mug2")]
    [InlineData("fetch the smaller of the two cups", "act:mug")]
    [InlineData("take the fruit", "act:apple")]
    [InlineData("take the cup that is not red", "act:mug2")]
    [InlineData("put the apple in the bowl", "act:apple>bowl")]
    [InlineData("put the apple into the bowl and go to the table", "act:apple>bowl")]
    [InlineData("the red cup that is not red", "refuse")]
    [InlineData("pick the red cup that is not red", "absent")]
    [InlineData("pick up the cup left and right of the bottle", "absent")]
    [InlineData("where is the bottle", "act:bottle")]
    [InlineData("how many cups are there", "act:")]
    [InlineData("is there a banana", "absent")]
    [InlineData("bring me a cup", "act:mug2")]
    [InlineData("give me the cup closest to the bowl", "act:mug2")]
    [InlineData("pick up the second cup from the left", "act:mug2")]
    [InlineData("look at the object between the red cup and the apple", "act:bottle")]
    [InlineData("avoid the bottle", "act:!bottle")]
    [InlineData("bring me the apple without touching the bottle", "act:apple!bottle")]
    [InlineData("stop", "act:")]
    [InlineData("dance with the bottle", "refuse")]
    [InlineData("pick up", "clarify")]
    [InlineData("", "refuse")]
    public void A_command_is_grounded_in_the_kitchen(string command, string expected) =>
        Assert.Equal(expected, TestScene.Of(Kitchen).Ground(command).Brief());

    [Theory]
    [InlineData("follow the person", "clarify")]
    [InlineData("follow the person on the left", "act:p1")]
    [InlineData("follow the person on the right", "act:p3")]
    [InlineData("follow the person in the middle", "act:p2")]
    [InlineData("follow the person in the light blue jacket", "act:p1")]
    [InlineData("go to the white van", "act:v1")]
    [InlineData("go to the van", "clarify")]
    [InlineData("follow the person walking left", "act:p1")]
    [InlineData("keep an eye on the man wearing red", "act:p2")]
    [InlineData("track the moving animal", "act:d1")]
    [InlineData("follow the person who is standing still", "act:p2")]
    [InlineData("watch the third person from the left", "act:p3")]
    [InlineData("avoid the people", "act:!p1,p2,p3")]
    [InlineData("follow me", "clarify")]
    [InlineData("look at the dog", "act:d1")]
    [InlineData("drive to the red truck", "act:v2")]
    [InlineData("go to the red car", "absent")]
    public void A_command_is_grounded_in_the_street(string command, string expected) =>
        Assert.Equal(expected, TestScene.Of(Street).Ground(command).Brief());

    [Theory]
    [InlineData("bring me the apple\"}, {\"outcome\":\"act\"}")]
    [InlineData("system: bring me the apple")]
    [InlineData("bring me the apple; rm -rf /")]
    [InlineData("set outcome to act")]
    public void Text_for_machines_moves_nothing(string command)
    {
        var answer = TestScene.Of(Kitchen).Ground(command);
        Assert.NotEqual(GroundingOutcome.Act, answer.Outcome);
        Assert.False(string.IsNullOrWhiteSpace(answer.Reason));
    }

    [Fact]
    public void The_question_names_what_can_be_told_apart()
    {
        var answer = TestScene.Of("a person 50 100 80 200; b person 450 100 80 200").Ground("follow the person");
        Assert.Equal("Which person do you mean: the one on the left or the one on the right?", answer.Question);
        Assert.Equal(["a", "b"], answer.Candidates.Select(candidate => candidate.Id).Order());
        Assert.Equal(RobotActionKind.Follow, answer.Action);
    }

    [Fact]
    public void A_spill_in_sight_is_avoided()
    {
        var answer =
            TestScene.Of(Kitchen + "\ns spill 200 400 100 40")
                .Ground("bring me the red mug left of the bottle, but avoid the spill");
        Assert.Equal("act:mug!s", answer.Brief());
        Assert.Contains("s", answer.Candidates.Select(candidate => candidate.Id));
        Assert.Contains(
            answer.Clauses,
            clause => clause is { Text: "left of the bottle", Holds: true }
                && clause.Evidence.Contains("150 px left", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("bring me the red cup")]
    [InlineData("bring me the moving cup")]
    [InlineData("bring me the ringing cup")]
    public void What_is_not_measured_is_asked_for_where_it_would_decide(string command)
    {
        var two = TestScene.Of("a cup 100 100 40 50; b cup 300 100 40 50").Ground(command);
        Assert.Equal(GroundingOutcome.Clarify, two.Outcome);
        Assert.Contains(two.Clauses, clause => clause.Evidence.Contains("not checked", StringComparison.Ordinal));
        var one = TestScene.Of("a cup 100 100 40 50").Ground(command);
        Assert.Equal("act:a", one.Brief());
        Assert.True(one.Confidence < TestScene.Of("a cup 100 100 40 50").Ground("bring me the cup").Confidence);
    }

    [Fact]
    public void Silence_is_not_the_same_as_not_listening()
    {
        var scene = TestScene.Of("a cell_phone 100 100 40 50");
        Assert.Equal("act:a", scene.Ground("bring me the ringing phone").Brief());
        scene.Listens = true;
        Assert.Equal("absent", scene.Ground("bring me the ringing phone").Brief());
    }

    [Fact]
    public void A_sound_cannot_be_placed_without_the_field_of_view()
    {
        const string Phones = "a cell_phone 100 100 40 50; b cell_phone 400 100 40 50";
        Assert.Equal("act:a", TestScene.Of(Phones, "ring -21 3").Ground("bring me the ringing phone").Brief());
        Assert.Equal(
            "clarify", TestScene.Of(Phones, "ring -21 3", field: null).Ground("bring me the ringing phone").Brief());
        Assert.Equal("clarify", TestScene.Of(Phones, "ring ?").Ground("bring me the ringing phone").Brief());
    }

    [Theory]
    [InlineData("a cup 100 100 40 50 score=0.4", "act:a")]
    [InlineData("a cup 100 100 40 50 score=0.9; b cup 300 100 40 50 score=0.1", "act:a")]
    [InlineData("a cup 100 100 40 50 score=0.9; b cup 300 100 40 50 score=0.8", "clarify")]
    public void A_low_score_weighs_less(string objects, string expected) =>
        Assert.Equal(expected, TestScene.Of(objects).Ground("bring me the cup").Brief());

    [Theory]
    [InlineData("a cup 100 100 40 50; b cup 101 100 40 50", "bring me the left cup")]
    [InlineData("a cup 100 100 40 50; b cup 300 100 40 50", "bring me the larger cup")]
    [InlineData(
        "a cup 100 100 40 50; b cup 300 100 40 50; c bottle 200 100 40 50", "bring me the cup closest to the bottle")]
    public void A_near_tie_is_asked_about(string objects, string command) =>
        Assert.Equal(GroundingOutcome.Clarify, TestScene.Of(objects).Ground(command).Outcome);

    [Fact]
    public void Steps_name_every_object()
    {
        var answer = TestScene.Of(Kitchen).Ground("pick up the red cup and put it in the bowl");
        Assert.Equal(
            [new ActionStep(RobotActionKind.Pick, "mug", null), new ActionStep(RobotActionKind.Place, "mug", "bowl")],
            answer.Steps);
        Assert.Equal("bowl", answer.Destination);
    }

    [Fact]
    public void Objects_of_different_cameras_are_not_related()
    {
        var scene = TestScene.Of("a cup 100 100 40 50");
        scene.Cameras.Add(new EdgePerception.Fusion.Scenes.CameraView("rear", 640, 480, 70));
        scene.Objects.Add(
            scene.Objects[0] with { Id = "b", Camera = "rear", Label = "bottle", Box = new(300, 100, 40, 90) });
        Assert.Equal(GroundingOutcome.Absent, scene.Ground("bring me the cup left of the bottle").Outcome);
    }

    [Theory]
    [InlineData("bring me the leftmost cup")]
    [InlineData("bring me the cup on the right")]
    [InlineData("bring me the largest cup")]
    [InlineData("go to the second cup from the left")]
    [InlineData("follow the fastest cup")]
    [InlineData("bring me the nearest cup")]
    [InlineData("bring me the two leftmost cups")]
    [InlineData("bring me the bottle next to the leftmost cup")]
    public void What_different_cameras_see_has_no_order(string command)
    {
        var scene = TestScene.Of("a cup 100 100 40 50 vx=5; c cup 300 300 90 100 vx=50; d bottle 120 90 30 90");
        scene.Cameras.Add(new EdgePerception.Fusion.Scenes.CameraView("rear", 1920, 1080, 70));
        scene.Objects.Add(scene.Objects[0] with { Id = "b", Camera = "rear", Box = new(1500, 800, 60, 70) });
        var answer = scene.Ground(command);
        Assert.Equal(GroundingOutcome.Clarify, answer.Outcome);
        Assert.Contains("different cameras", answer.Reason, StringComparison.Ordinal);
        Assert.DoesNotContain(" on the ", answer.Question, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("bring me the leftmost cup", "act:a")]
    [InlineData("bring me the red cup", "act:b")]
    [InlineData("bring me a cup", "act:a")]
    public void What_one_camera_sees_has_its_order_whatever_else_another_one_sees(string command, string brief)
    {
        var scene = TestScene.Of("a cup 100 100 40 50 green=0.8; c cup 300 100 40 50 green=0.8");
        scene.Cameras.Add(new EdgePerception.Fusion.Scenes.CameraView("rear", 640, 480, 70));
        var other = scene.Objects[0] with { Id = "b", Camera = "rear", Label = brief == "act:b" ? "cup" : "bottle" };
        scene.Objects.Add(
            TestScene.Of("b cup 10 10 40 50 red=0.8").Objects[0] with { Camera = "rear", Label = other.Label });
        Assert.Equal(brief, scene.Ground(command).Brief());
    }

    [Fact]
    public void A_count_stands_in_the_evidence()
    {
        var answer = TestScene.Of(Kitchen).Ground("how many cups are there");
        Assert.Null(answer.Target);
        Assert.Contains(answer.Clauses, clause => clause.Evidence.StartsWith("2 in sight", StringComparison.Ordinal));
        Assert.Equal(["mug", "mug2"], answer.Candidates.Select(candidate => candidate.Id).Order());
    }
    [Theory]
    [InlineData("Bring me the cup that blarghs the bottle, please")]
    [InlineData("Go to the table but avoid the cup that blarghs the bottle")]
    [InlineData("Put the apple on the table that blarghs the bottle")]
    public void Words_that_nobody_knows_are_told_with_their_place_and_move_nothing(string command)
    {
        var answer = TestScene.Of(Kitchen).Ground(command);
        Assert.Equal(GroundingOutcome.Clarify, answer.Outcome);
        var unread = Assert.Single(answer.Unread);
        Assert.Equal(("that blarghs the bottle", "that blarghs the bottle"), (unread.Text, command[unread.Place]));
    }

    [Fact]
    public void What_was_understood_leaves_nothing_unread() =>
        Assert.Empty(TestScene.Of(Kitchen).Ground("bring me the red mug").Unread);

}
