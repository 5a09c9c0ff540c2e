namespace EdgePerception.Policy.Tests.Grounding;

/// <summary>Sentences that an acceptance test from the design alone had found misread.</summary>
public class ReadingTests
{
    private const string Cups = """
        c1 cup 80 300 40 50 white=0.8
        c2 cup 280 300 60 75 white=0.8
        c3 cup 480 300 80 100 white=0.8
        b1 bottle 380 240 40 120 green=0.7
        """;

    private const string Table =
        "d1 dog 120 350 80 60 brown=0.7; t1 dining_table 60 240 300 190 brown=0.8; d2 dog 520 370 80 60 brown=0.7";

    [Theory]
    [InlineData("pick up the cup which is to the right of the bottle", "act:c3")]
    [InlineData("take the cup farthest left", "act:c1")]
    [InlineData("take the cup at the right end", "act:c3")]
    [InlineData("the cup all the way to the right, bring it", "act:c3")]
    [InlineData("pick up the medium-sized cup", "act:c2")]
    [InlineData("counting from the right pick up the second cup", "act:c2")]
    [InlineData("from the left, take the first cup", "act:c1")]
    [InlineData("pick up the leftmost rightmost cup", "absent|clarify")]
    [InlineData("pick up the smallest leftmost cup", "act:c1")]
    [InlineData("pick pick up the the leftmost cup", "act:c1")]
    [InlineData("mind fetching me the bottle?", "act:b1")]
    [InlineData("any chance you could grab the bottle", "act:b1")]
    [InlineData("pickup the bottle", "act:b1")]
    [InlineData("bring me teh bottle", "act:b1")]
    [InlineData("where exactly is the bottle", "act:b1")]
    [InlineData("the last cup on the right please pick it up", "act:c3")]
    [InlineData("pick up the last cup from the right", "act:c1")]
    [InlineData("second cup from left, bring it", "act:c2")]
    [InlineData("bottle, pick it up", "act:b1")]
    [InlineData("go to where the bottle is", "act:b1")]
    [InlineData("go too the bottle", "act:b1")]
    [InlineData("when you have a moment please fetch the bottle", "act:b1")]
    [InlineData("bring me like the bottle", "act:b1")]
    [InlineData("bring me the bottle in five minutes", "refuse|clarify")]
    [InlineData("what is 2 plus 2", "refuse")]
    [InlineData("no not the bottle, bring me the leftmost cup", "act:c1")]
    [InlineData("pick up the second cup when counted from the right", "act:c2")]
    [InlineData("pick up the first cup as seen from the right", "act:c3")]
    [InlineData("pick up the cup when i come home", "refuse|clarify")]
    [InlineData("tell me, where is the bottle?", "act:b1")]
    [InlineData("tell me, a joke", "refuse")]
    [InlineData("tell me a joke", "refuse")]
    [InlineData("pick up the cup with the smallest size", "act:c1")]
    [InlineData("pick up the cup that is of a smaller size than the cup of the largest size", "act:c1|clarify")]
    [InlineData("pick up the cup which is not as big as the cup in the middle", "act:c1")]
    [InlineData("pick up the cup closer to you than the cup in the middle", "act:c3")]
    [InlineData("pick up the cup that stands closest to the bottle", "act:c2")]
    [InlineData("pick up the cup somewhere left of the cup in the middle", "act:c1")]
    [InlineData("can u grab da bottle", "act:b1")]
    [InlineData("pick up the botle", "act:b1")]
    [InlineData("stay away from the botttles", "act:!b1")]
    [InlineData("pick up the cup that loosk largest", "act:c3")]
    [InlineData("pick up the cup of the right size", "clarify")]
    [InlineData("pick up the cup that is as big as the cup in the middle", "clarify")]
    [InlineData("pick up the object that has the bottle to its left", "act:c3")]
    [InlineData("pick up the leftmost cup with the bottle on its right", "act:c1")]
    [InlineData("bring me the thing that is any colour but white", "act:b1")]
    public void Among_cups(string command, string expected) =>
        Assert.Contains(TestScene.Of(Cups).Ground(command).Brief(), expected.Split('|'));

    [Theory]
    [InlineData("not the red cup, the blue one, pick it up", "act:c2")]
    [InlineData("bring me a red cup from the table but not the one on the left", "act:c3")]
    [InlineData("pick up the apple outside the bowl", "act:a2")]
    [InlineData("pick up the apple that is not outside the bowl", "act:a1")]
    [InlineData("where is the blue one that is a cup", "act:c2")]
    [InlineData("drive around the bowl to the banana", "act:n1!w1")]
    [InlineData("grab the blue cup and set it down on the table", "act:c2>t1")]
    public void What_is_denied_is_not_what_is_meant(string command, string expected)
    {
        var scene = TestScene.Of("""
            c1 cup 60 300 40 50 red=0.8
            c2 cup 160 300 40 50 blue=0.8
            c3 cup 260 300 40 50 red=0.8
            t1 dining_table 20 340 320 100 brown=0.8
            w1 bowl 380 300 90 60 white=0.8
            a1 apple 400 310 30 30 red=0.8
            a2 apple 560 310 30 30 red=0.8
            n1 banana 500 420 60 30 blue=0.8
            """);
        Assert.Equal(expected, scene.Ground(command).Brief());
    }

    [Theory]
    [InlineData("watch whoever is on the left", "act:p1")]
    [InlineData("follow the person who isn't wearing blue and is not near the dog", "act:p3")]
    [InlineData("follow the person that is still walking", "act:p1")]
    [InlineData("follow the person who does not move in red", "act:p3|clarify")]
    [InlineData("go to the person in blue, avoiding the dog", "act:p1!d1")]
    public void Among_people(string command, string expected)
    {
        var scene = TestScene.Of("""
            k1 backpack 10 380 60 60 green=0.8
            p1 person 100 120 60 220 blue=0.8 vx=60 vy=0
            p2 person 300 120 60 220 red=0.8 vx=0 vy=0
            d1 dog 370 300 50 40 brown=0.8 vx=0 vy=0
            p3 person 560 120 60 220 red=0.8 vx=0 vy=0
            """);
        Assert.Contains(scene.Ground(command).Brief(), expected.Split('|'));
    }

    [Theory]
    [InlineData("follow the dog under the table", "act:d1")]
    [InlineData("follow the dog underneath the table", "act:d1")]
    [InlineData("follow the dog below the table", "clarify")]
    public void Under_means_beneath_where_something_is(string command, string expected) =>
        Assert.Equal(expected, TestScene.Of(Table).Ground(command).Brief());

    [Fact]
    public void Who_is_not_next_to_it_may_stand_a_few_steps_off()
    {
        var scene = TestScene.Of(
            "c1 cup 54 290 34 64 red=0.8; c2 cup 246 288 34 64 red=0.8; b1 bottle 191 245 24 115 green=0.8");
        Assert.Equal("act:c1", scene.Ground("pick up the cup that is not next to the bottle").Brief());
    }

    [Fact]
    public void A_second_colour_belongs_to_the_noun_before()
    {
        var scene =
            TestScene.Of("c1 cup 80 300 40 50 red=0.8; c2 cup 280 300 40 50 blue=0.8; c3 cup 480 300 40 50 red=0.8");
        Assert.Equal("act:c3", scene.Ground("bring me the cup to the right of the blue one which is red").Brief());
    }

    [Fact]
    public void What_comes_near_a_description_without_fitting_it_is_asked_for()
    {
        var scene = TestScene.Of("p1 person 60 100 80 300 yellow=0.53 white=0.18; p2 person 400 100 80 300 red=0.6");
        var answer = scene.Ground("follow the person in white");
        Assert.Equal("clarify", answer.Brief());
        Assert.Contains("Do you mean", answer.Question ?? "", StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("pick up the silent phone", "act:f2")]
    [InlineData("pick up the phone that is quiet", "act:f2")]
    [InlineData("look where the sound is coming from", "act:f1")]
    [InlineData("go where the ringing comes from", "act:f1")]
    [InlineData("bring me the phone with the ringtone", "act:f1")]
    public void By_ear(string command, string expected)
    {
        var scene =
            TestScene.Of("f1 cell_phone 60 300 40 60 black=0.8; f2 cell_phone 540 300 40 60 black=0.8", "ring -24 3");
        Assert.Equal(expected, scene.Ground(command).Brief());
    }

    [Fact]
    public void What_is_heard_with_an_object_need_not_be_seen()
    {
        var scene = TestScene.Of("k1 truck 40 200 120 100 red=0.8; k2 truck 480 200 120 100 red=0.8", "siren 25 3");
        Assert.Equal("act:!k2", scene.Ground("avoid the truck with the siren").Brief());
    }

    [Theory]
    [InlineData("stopwatch", "pick up the stop watch")]
    [InlineData("fire place", "look at the fireplace")]
    [InlineData("milk carton", "bring me the milk")]
    [InlineData("milk carton", "look! bring me the carton")]
    public void Compounds_may_be_parted_joined_or_named_by_a_part(string label, string command) =>
        Assert.Equal("act:w1",
            TestScene.Of($"w1 {label.Replace(' ', '_')} 60 300 40 60; c1 cup 300 300 40 50").Ground(command).Brief());

    [Fact]
    public void A_typo_is_not_mended_into_a_word_that_is_only_known_as_no_typo() =>
        Assert.Equal("act:p1",
            TestScene.Of("p1 person 60 200 80 200; c1 cup 300 300 40 50").Ground("follow the preson").Brief());
}
