using System.Globalization;
using EdgePerception.Fusion.Attention;
using EdgePerception.Fusion.Scenes;
using EdgePerception.Policy.Grounding;
using EdgePerception.Policy.Language;

namespace EdgePerception.Policy.Tests.Grounding;

/// <summary>
/// How far to keep away, from what was said to what the answer asks for: no figure is lost on the way.
/// </summary>
public sealed class DistanceTests
{
    private static readonly Scene Street = TestScene.Of("""
        p person 280 100 60 200 blue=0.6
        d dog 380 240 75 60 brown=0.7
        k car 40 150 130 65 white=0.7
        l car 480 150 130 65 red=0.7
        """);

    [Theory]
    [InlineData("stay 2 meters away from the dog", "d 2")]
    [InlineData("STAY TWO METRES AWAY FROM THE DOG", "d 2")]
    [InlineData("keep at least one and a half metres from the person", "p 1.5")]
    [InlineData("keep half a metre away from the dog", "d 0.5")]
    [InlineData("avoid the dog by 12 inches", "d 0.3048")]
    [InlineData("keep a metre and a half from the dog", "d 1.5")]
    [InlineData("stay 10 feet 3 inches away from the dog", "d 3.1242")]
    [InlineData("stay 2 metres and 50 centimetres away from the dog", "d 2.5")]
    [InlineData("keep a couple of feet away from the dog", "d 0.6096")]
    [InlineData("stay more than 2 m away from the dog", "d 2")]
    [InlineData("avoid the dog with 2 m of clearance", "d 2")]
    [InlineData("don't go within 3 feet of the dog", "d 0.9144")]
    [InlineData("never closer than 50 cm to the dog", "d 0.5")]
    [InlineData("go to the white car, but stay 2 m away from the dog", "d 2")]
    [InlineData("follow the person and stay 2 metres away from the dog", "d 2")]
    [InlineData("keep 2 m away from the dog and the person", "d 2, p 2")]
    [InlineData("stay 2 metres away from all cars", "k 2, l 2")]
    [InlineData("stay 1.5 m away from the dog and 3 m away from the person", "d 1.5, p 3")]
    [InlineData("stay away from the dog and 3 m from the person", "p 3")]
    [InlineData("keep at least 1 m away from the dog, and at least 3 m from the person", "d 1, p 3")]
    public void A_distance_that_is_said_stands_in_the_answer(string command, string distances)
    {
        var answer = Street.Ground(command);
        Assert.Equal(GroundingOutcome.Act, answer.Outcome);
        Assert.Equal(distances, Told(answer));
        Assert.All(answer.Distances, distance => Assert.Contains(distance.Id, answer.Avoid));
    }

    [Theory]
    [InlineData("stay away from the dog, and keep 2 m away from the dog", "d 2")]
    [InlineData("keep 1 m away from the dog and keep 3 m away from the dog", "d 3")]
    [InlineData("keep 3 m away from the dog and keep 1 m away from the dog", "d 3")]
    public void Of_several_distances_from_one_object_the_greatest_counts(string command, string distances)
    {
        var answer = Street.Ground(command);
        Assert.Equal(["d"], answer.Avoid);
        Assert.Equal(distances, Told(answer));
    }

    [Fact]
    public void Where_no_distance_is_said_there_is_none()
    {
        var answer = Street.Ground("go to the white car but avoid the dog");
        Assert.Equal("act:k!d", answer.Brief());
        Assert.Empty(answer.Distances);
    }

    [Theory]
    [InlineData("stay 0 metres away from the dog")]
    [InlineData("avoid the dog by -2 metres")]
    [InlineData("stay 2 metres away from the cat")]
    [InlineData("stay at most 2 metres away from the dog")]
    [InlineData("stay between 1 and 2 metres away from the dog")]
    [InlineData("avoid the dog for ten minutes")]
    [InlineData("stay a few feet away from the dog")]
    [InlineData("go to the white car but keep several metres from the dog")]
    [InlineData("stay 2 m away from the dog and a few metres from the person")]
    [InlineData("stay 2 metres away from the dog until noon")]
    [InlineData("follow the dog 2 metres behind")]
    public void What_cannot_be_kept_moves_nothing_and_asks_for_no_distance(string command)
    {
        var answer = Street.Ground(command);
        Assert.NotEqual(GroundingOutcome.Act, answer.Outcome);
        Assert.Empty(answer.Distances);
    }

    [Fact]
    public void A_distance_holds_for_the_rest_of_the_conversation_about_the_order()
    {
        using var grounder = new Grounder();
        var conversation = new Conversation(Timeout.InfiniteTimeSpan);
        grounder.Ground(
            "c1", "go to the white car but stay 2 m away from the dog", Street, conversation, TimeSpan.Zero);
        var answer = grounder.Ground("c2", "no, the red one", Street, conversation, TimeSpan.Zero);
        Assert.Equal(("act:l!d", "d 2"), (answer.Brief(), Told(answer)));
    }

    [Fact]
    public void The_network_alone_knows_no_figures_and_leaves_them_to_the_rules()
    {
        Assert.Equal((GroundingMethod.Network, ""), Weighed("stay away from the dog"));
        Assert.Equal((GroundingMethod.Rules, "d 2"), Weighed("stay 2 m away from the dog"));
    }

    [Fact]
    public void The_network_alone_is_not_asked_where_words_were_not_understood() =>
        Assert.Equal((GroundingMethod.Rules, ""), Weighed("stay away from the dog that blarghs the car zorp"));

    private static (GroundingMethod Method, string Distances) Weighed(string command)
    {
        var view = new SceneView(Street, GroundingThresholds.Default);
        var dog = new RoleReading([0, 1, 0, 0], 0, 0, 0);
        var reading = new AttentionReading
        {
            Words = ["dog"],
            Objects = ["p", "d", "k", "l"],
            Sounds = [],
            Target = dog,
            Destination = dog,
            Avoid = dog,
            IntentNames = ["none", "avoid"],
            Intents = [0, 1],
            Gates = new ModalityGates(1, 1, 0),
            Attention = new float[4, 1],
        };
        var alone = new OpinionWeights { Act = 0.5, Thresholds = [0.5] };
        var calibration = new GroundingCalibration
        {
            Combined = alone,
            Partly = alone,
            Unread = alone,
            Network = alone,
            Risks = [0.05],
        };
        var readings = CommandParser.Readings(command, view.Words);
        var answer =
            Grounder.Weigh("c", readings, view, Street.Quality, reading, calibration,
                new GrounderSettings(GroundingMethod.Network)).Answer;
        return (answer.Method, Told(answer));
    }

    private static string Told(GroundingAnswer answer) => string.Join(", ", answer.Distances
        .Select(distance => string.Create(CultureInfo.InvariantCulture, $"{distance.Id} {distance.Metres:0.####}"))
        .Order(StringComparer.Ordinal));
}
