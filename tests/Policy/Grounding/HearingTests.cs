using EdgePerception.Policy.Grounding;
using EdgePerception.Policy.Language;

namespace EdgePerception.Policy.Tests.Grounding;

/// <summary>What the product makes of words that stand in no list, with its own network and ear.</summary>
public sealed class HearingTests(EarFixture fixture) : IClassFixture<EarFixture>
{
    private const string Street = """
        p person 500 100 80 300 blue=0.6
        d dog 380 300 90 80 brown=0.7
        k car 100 200 180 110 white=0.8
        """;

    private const string Table = """
        c cup 100 300 40 50 red=0.8
        b bottle 250 250 40 110 green=0.7
        n knife 400 330 90 20 grey=0.7
        s book 520 320 80 50 white=0.9
        """;

    [Theory]
    [InlineData("canter to the car", RobotActionKind.GoTo, "k")]
    [InlineData("lollop over to the car", RobotActionKind.GoTo, "k")]
    [InlineData("sashay over to the automobile", RobotActionKind.GoTo, "k")]
    public void An_unknown_verb_is_obeyed_or_offered(string command, RobotActionKind action, string target)
    {
        var answer = Ground(command, Street);
        Assert.True(
            (answer.Outcome, answer.Action, answer.Target) == (GroundingOutcome.Act, action, target)
            || answer.Asked?.Ids.SequenceEqual([target]) == true,
            $"{answer.Outcome} {answer.Action} {answer.Target} {answer.Question} {answer.Reason}");
    }

    [Fact]
    public void What_a_verb_is_taken_for_stands_in_the_evidence()
    {
        var answer = Ground("canter to the car", Street);
        Assert.Contains(
            answer.Clauses,
            clause =>
                clause.Text == "canter" && clause.Evidence.Contains("it stands in no list", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("wug to the car")]
    [InlineData("go wug to the car")]
    [InlineData("frobnicate the dog")]
    [InlineData("please blorp over to the person")]
    public void A_verb_that_no_dictionary_has_moves_nothing(string command) => Stays(Ground(command, Street));

    [Theory]
    [InlineData("marinate the dog")]
    [InlineData("photosynthesize the car")]
    public void A_verb_of_another_kind_moves_nothing(string command) => Stays(Ground(command, Street));

    [Theory]
    [InlineData("bring me something to cut with", "n")]
    [InlineData("get me something to drink from", "c")]
    [InlineData("bring me something to read", "s")]
    public void What_serves_a_use_is_brought_or_offered(string command, string target) =>
        IsBroughtOrOffered(Ground(command, Table), target);

    [Theory]
    [InlineData("bring me the tome", "s")]
    [InlineData("bring me the flask", "b")]
    public void An_unknown_noun_is_acted_on_or_offered(string command, string target) =>
        IsBroughtOrOffered(Ground(command, Table), target);

    [Theory]
    [InlineData("bring me the volcano")]
    [InlineData("bring me the zeppelin")]
    [InlineData("bring me the qwzrtx")]
    [InlineData("take the book up to the attic")]
    [InlineData("put the book in the volcano")]
    [InlineData("carry the bottle to the zeppelin")]
    [InlineData("bring me the cup beside the volcano")]
    public void A_noun_of_nothing_in_sight_moves_nothing(string command) => Stays(Ground(command, Table));

    [Theory]
    [InlineData("bring me the cup that is at arm's length from the bottle")]
    [InlineData("bring me the cup that snarfles the bottle")]
    public void A_relation_that_is_not_sure_is_no_reason_to_act(string command)
    {
        var answer = Ground(command, Table);
        Assert.True(
            answer.Outcome != GroundingOutcome.Act
                || answer.Clauses.Any(clause => clause.Evidence.Contains("taken to mean", StringComparison.Ordinal)),
            $"{answer.Outcome} {answer.Question} {answer.Reason}");
    }

    [Theory]
    [InlineData("go to the car")]
    [InlineData("could you please follow the dog for me")]
    [InlineData("robot, follow the person on the right")]
    [InlineData("I am thirsty. Go to the car.")]
    [InlineData("follow the dog which keeps barking")]
    [InlineData("drive to the dog the barking is coming from")]
    public void The_second_witness_confirms_a_plain_order(string command) =>
        Assert.Equal(
            GroundingOutcome.Act, fixture.Grounder.Ground("c1", command, TestScene.Of(Street, "bark 12 3")).Outcome);

    [Fact]
    public void A_stop_waits_for_no_witness() =>
        Assert.Equal(RobotActionKind.Stop, Ground("whoa whoa stop the thingamajig", Street).Action);

    [Theory]
    [InlineData("the doohickey wobbles so bring me the book", "Shall I bring book s all the same?")]
    [InlineData("pick up the knife, nice and gently", "Shall I pick up knife n all the same?")]
    [InlineData("my oh my what a mess, fetch the bottle", "Shall I bring bottle b all the same?")]
    public void An_order_inside_of_what_is_not_understood_is_offered(string command, string offer)
    {
        var answer = Ground(command, Table);
        Assert.True(
            answer.Outcome == GroundingOutcome.Clarify && answer.Question!.EndsWith(offer, StringComparison.Ordinal),
            $"{answer.Outcome} {answer.Question} {answer.Reason}");
        Assert.NotEmpty(answer.Unread);
    }

    [Theory]
    [InlineData("yes", GroundingOutcome.Act)]
    [InlineData("no", GroundingOutcome.Clarify)]
    [InlineData("maybe", GroundingOutcome.Refuse)]
    public void A_yes_to_the_offer_orders_what_it_says_and_no_more(string reply, GroundingOutcome outcome)
    {
        var conversation = new Conversation(Timeout.InfiniteTimeSpan);
        var scene = TestScene.Of(Table);
        fixture.Grounder.Ground("c1", "my oh my what a mess, fetch the book", scene, conversation, TimeSpan.Zero);
        var answer = fixture.Grounder.Ground("c2", reply, scene, conversation, TimeSpan.Zero);
        Assert.Equal((outcome, outcome == GroundingOutcome.Act ? "s" : null), (answer.Outcome, answer.Target));
    }

    [Fact]
    public void A_yes_to_an_offer_of_several_things_orders_all_of_them()
    {
        var conversation = new Conversation(Timeout.InfiniteTimeSpan);
        var scene = TestScene.Of(Table);
        var asked = fixture.Grounder.Ground(
            "c1", "my oh my what a mess, fetch the book and the bottle", scene, conversation, TimeSpan.Zero);
        Assert.EndsWith(
            "Shall I bring book s and bring bottle b all the same?", asked.Question, StringComparison.Ordinal);
        var answer = fixture.Grounder.Ground("c2", "yes", scene, conversation, TimeSpan.Zero);
        Assert.Equal(["s", "b"], answer.Steps.Select(step => step.Target));
    }

    [Fact]
    public void An_offer_names_everything_that_a_yes_would_do()
    {
        var conversation = new Conversation(Timeout.InfiniteTimeSpan);
        var scene = TestScene.Of(Table + "\nc2 cup 180 300 40 50 red=0.8");
        var asked = fixture.Grounder.Ground(
            "c1", "my oh my what a mess, put both cups next to the book", scene, conversation, TimeSpan.Zero);
        Assert.EndsWith(
            "Shall I put down cup c next to the book and put down cup c2 next to the book all the same?",
            asked.Question, StringComparison.Ordinal);
        var answer = fixture.Grounder.Ground("c2", "yes", scene, conversation, TimeSpan.Zero);
        Assert.Equal(["c", "c2"], answer.Steps.Select(step => step.Target).Order(StringComparer.Ordinal));
    }

    [Fact]
    public void Of_what_is_refused_unread_nothing_is_offered()
    {
        string[] refused =
        [
            string.Join(' ', Enumerable.Repeat("what a mess,", 40)) + " fetch the book",
            new string('x', 2000) + ", fetch the book",
        ];
        Assert.All(
            refused,
            text =>
                Assert.DoesNotContain("all the same", Ground(text, Table).Question ?? "", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("it would be a shame never to bring me the book")]
    [InlineData("tomorrow with some fanfare and whatnot bring me the book")]
    [InlineData("my cousin said fetch the bottle")]
    [InlineData("the sign over the door says fetch the bottle")]
    [InlineData("I take back the wobbly thing about bring me the book")]
    [InlineData("stab the wobbly one with the knife and bring me the book")]
    public void What_limits_forbids_quotes_or_harms_is_not_offered_without_it(string command)
    {
        var answer = Ground(command, Table);
        Assert.True(
            answer.Outcome != GroundingOutcome.Act
                && answer.Question?.Contains("all the same", StringComparison.Ordinal) != true,
                $"{answer.Outcome} {answer.Question}");
    }

    [Theory]
    [InlineData("defenestrate the bottle")]
    [InlineData("eschew the bottle")]
    public void A_verb_that_hardly_means_to_keep_away_is_asked_about(string command)
    {
        var answer = Ground(command, Table);
        Assert.NotEqual(GroundingOutcome.Act, answer.Outcome);
        Assert.Empty(answer.Avoid);
    }

    private static void IsBroughtOrOffered(GroundingAnswer answer, string target) =>
        Assert.True(
            answer.Target == target || answer.Asked?.Ids.Contains(target) == true,
            $"{answer.Outcome} {answer.Target} {answer.Question} {answer.Reason}");

    private static void Stays(GroundingAnswer answer) =>
        Assert.True(answer.Outcome != GroundingOutcome.Act, $"{answer.Action} {answer.Target}");

    private GroundingAnswer Ground(string command, string scene) =>
        fixture.Grounder.Ground("c1", command, TestScene.Of(scene));
}
