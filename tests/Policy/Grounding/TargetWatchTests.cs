using EdgePerception.Fusion.Scenes;
using EdgePerception.Policy.Grounding;

namespace EdgePerception.Policy.Tests.Grounding;

/// <summary>Which changes of the scene leave a motion alone, and which end it.</summary>
public sealed class TargetWatchTests
{
    private const string Cups =
        "a cup 100 300 40 50 red=0.8; b cup 400 300 40 50 blue=0.8; t dining_table 60 340 560 110; d dog 500 200 80 90";

    [Fact]
    public void In_a_scene_that_stays_as_it_was_the_confidence_stays_that_of_the_answer()
    {
        var (watch, answer) = Watch("pick up the red cup");
        for (var i = 0; i < 5; i++)
            Assert.Equal(new TargetLook(answer.Confidence!.Value, null), watch.Look(TestScene.Of(Cups)));
    }

    [Fact]
    public void What_has_left_the_scene_is_lost_at_once()
    {
        var (watch, _) = Watch("pick up the red cup");
        Assert.Equal(
            new TargetLook(0, "lost sight of cup a"), watch.Look(TestScene.Of("b cup 400 300 40 50 blue=0.8")));
    }

    [Theory]
    [InlineData("put the red cup on the table", "t", "lost sight of dining table t")]
    [InlineData("go to the red cup but stay 2 m away from the dog", "d", "lost sight of dog d")]
    [InlineData("go to the red cup but keep away from the dog", "d", null)]
    [InlineData("pick up the red cup", "b", null)]
    public void A_destination_is_needed_as_well_and_what_a_distance_is_kept_from(
        string text, string gone, string? failure)
    {
        var (watch, _) = Watch(text);
        Assert.Equal(failure, watch.Look(Without(gone)).Failure);
    }

    [Fact]
    public void Another_label_under_the_same_id_ends_the_motion_at_the_third_look()
    {
        var (watch, answer) = Watch("pick up the red cup");
        var swapped = TestScene.Of(Cups.Replace("a cup", "a bottle", StringComparison.Ordinal));
        Assert.Equal(new TargetLook(0, null), watch.Look(swapped));
        Assert.Null(watch.Look(swapped).Failure);
        Assert.Equal("cup a is seen as bottle now", watch.Look(swapped).Failure);
        Assert.Equal(answer.Confidence, watch.Look(TestScene.Of(Cups)).Confidence);
    }

    [Fact]
    public void A_label_that_the_noun_means_as_well_is_no_other_object()
    {
        var scene = TestScene.Of("v truck 100 100 200 120");
        var answer = new Grounder().Ground("c", "go to the vehicle", scene);
        Assert.Equal("act:v", answer.Brief());
        var watch = new TargetWatch(answer, scene);
        Assert.Null(Looks(watch, TestScene.Of("v car 100 100 200 120")));
    }

    [Fact]
    public void Colours_that_no_longer_fit_the_words_end_the_motion_and_one_look_does_not()
    {
        var blue = Cups.Replace("red=0.8", "blue=0.8", StringComparison.Ordinal);
        var (watch, _) = Watch("pick up the red cup");
        Assert.Null(watch.Look(TestScene.Of(blue)).Failure);
        Assert.Null(watch.Look(TestScene.Of(blue)).Failure);
        Assert.Null(watch.Look(TestScene.Of(Cups)).Failure);
        Assert.Equal("cup a is no longer red", Looks(watch, TestScene.Of(blue)));
    }

    [Fact]
    public void What_is_in_doubt_and_what_else_could_be_meant_is_named()
    {
        var swapped = Cups.Replace("red=0.8", "green=0.8", StringComparison.Ordinal)
            .Replace("blue=0.8", "red=0.8", StringComparison.Ordinal);
        var (watch, _) = Watch("pick up the red cup");
        Assert.Equal(
            "cup a is no longer red; \"the red cup\" may be cup b as well", Looks(watch, TestScene.Of(swapped)));
    }

    [Theory]
    [InlineData("100 125", "cup a looks like another object all at once")]
    [InlineData("70 85", null)]
    public void An_object_that_is_another_size_all_at_once_is_another_one(string size, string? failure)
    {
        var (watch, _) = Watch("pick up the red cup");
        var changed = Cups.Replace("40 50 red", $"{size} red", StringComparison.Ordinal);
        Assert.Equal(failure, Looks(watch, TestScene.Of(changed)));
    }

    [Fact]
    public void Who_comes_near_sees_things_grow_and_that_ends_nothing()
    {
        var (watch, _) = Watch("go to the red cup");
        for (var size = 40; size < 400; size += 20)
            Assert.Null(watch.Look(TestScene.Of($"a cup 100 50 {size} {size} red=0.8")).Failure);
    }

    [Fact]
    public void Colours_that_were_not_asked_for_tell_another_object_too_and_a_shadow_does_not()
    {
        var (watch, _) = Watch("go to the person", "p person 100 100 80 200 white=0.7 blue=0.2");
        Assert.Null(Looks(watch, TestScene.Of("p person 100 100 80 200 grey=0.6 black=0.2")));
        Assert.Equal(
            "person p looks like another object all at once",
            Looks(watch, TestScene.Of("p person 100 100 80 200 yellow=0.8 green=0.2")));
    }

    [Theory]
    [InlineData("pick up the leftmost cup")]
    [InlineData("pick up the cup on the left")]
    [InlineData("pick up the cup that is farthest from the dog")]
    [InlineData("go to the cup nearest to the dog")]
    public void What_was_true_of_the_moment_may_change(string text)
    {
        var scene = TestScene.Of(Cups);
        var answer = new Grounder().Ground("c", text, scene);
        Assert.Equal(GroundingOutcome.Act, answer.Outcome);
        var watch = new TargetWatch(answer, scene);
        var mirrored = TestScene.Of(
            "a cup 500 300 40 50 red=0.8; b cup 200 300 40 50 blue=0.8; t dining_table 60 340 560 110; "
            + "d dog 5 200 80 90");
        Assert.Null(Looks(watch, mirrored));
    }

    [Theory]
    [InlineData("pick up the red cup", "z cup 300 300 40 50 red=0.9", "cup z")]
    [InlineData("go to the dog", "z dog 20 20 80 90", "dog z")]
    [InlineData("pick up the red cup", "z cup 300 300 40 50 green=0.9", null)]
    [InlineData("pick up the red cup", "z cup 102 303 40 50 red=0.9", null)]
    [InlineData("pick up the leftmost cup", "z cup 20 300 40 50 red=0.9", null)]
    [InlineData("follow the dog", "z dog 20 20 80 90", null)]
    public void A_newcomer_that_answers_the_description_as_well_makes_it_ambiguous(
        string text, string newcomer, string? rival)
    {
        var (watch, answer) = Watch(text);
        var failure = Looks(watch, TestScene.Of($"{Cups}; {newcomer}"));
        Assert.Equal(rival is null, failure is null);
        if (rival is null) return;
        Assert.EndsWith($" {answer.Target} is no longer the only one: {rival} may be meant", failure,
            StringComparison.Ordinal);
    }

    [Fact]
    public void A_newcomer_that_is_gone_at_the_next_look_ends_nothing()
    {
        var (watch, _) = Watch("pick up the red cup");
        for (var i = 0; i < 5; i++)
        {
            Assert.Null(watch.Look(TestScene.Of(Cups + "; z cup 300 300 40 50 red=0.9")).Failure);
            Assert.Null(watch.Look(TestScene.Of(Cups)).Failure);
        }
    }

    [Fact]
    public void A_landmark_of_the_destination_must_stay_one_and_may_leave_the_picture()
    {
        const string Tables =
            "a cup 100 300 40 50 red=0.8; s dining_table 20 200 80 60; t dining_table 460 200 80 60; "
            + "d dog 550 200 50 60";
        var (watch, answer) = Watch("put the red cup on the table next to the dog", Tables);
        Assert.Equal("t", answer.Destination);
        Assert.Null(Looks(watch, TestScene.Of(Tables.Replace("; d dog 550 200 50 60", "", StringComparison.Ordinal))));
        Assert.Equal(
            "dining table t is no longer next to the dog; \"the table next to the dog\" may be dining table s as well",
            Looks(watch, TestScene.Of(Tables.Replace("d dog 550", "d dog 110", StringComparison.Ordinal))));
    }

    [Fact]
    public void Without_a_new_picture_no_doubt_adds_up()
    {
        var (watch, _) = Watch("pick up the red cup");
        var swapped = TestScene.Of(Cups.Replace("a cup", "a bottle", StringComparison.Ordinal));
        watch.Look(swapped);
        for (var i = 0; i < 10; i++) Assert.Equal(new TargetLook(0, null), watch.Look(swapped, isNew: false));
        Assert.Equal("lost sight of cup a", watch.Look(Without("a"), isNew: false).Failure);
    }

    private static Scene Without(string id)
    {
        var scene = TestScene.Of(Cups);
        scene.Objects.RemoveAll(item => item.Id == id);
        return scene;
    }

    private static string? Looks(TargetWatch watch, Scene scene)
    {
        for (var i = 1; i < TargetWatch.Patience; i++) Assert.Null(watch.Look(scene).Failure);
        return watch.Look(scene).Failure;
    }

    private static (TargetWatch Watch, GroundingAnswer Answer) Watch(string text, string objects = Cups)
    {
        var scene = TestScene.Of(objects);
        var answer = new Grounder().Ground("c", text, scene);
        Assert.Equal(GroundingOutcome.Act, answer.Outcome);
        return (new TargetWatch(answer, scene), answer);
    }
}
