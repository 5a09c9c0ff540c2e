using EdgePerception.Fusion.Geometry;
using EdgePerception.Fusion.Scenes;
using EdgePerception.Policy.Grounding;
using EdgePerception.Policy.Language;
using EdgePerception.Runtime.Drawing;
using SkiaSharp;

namespace EdgePerception.Runtime.Tests.Drawing;

public sealed class GroundingImageTests
{
    private const SKEncodedImageFormat Png = SKEncodedImageFormat.Png;

    private static readonly SceneObject Mug = new(
        "1", "front", "mug", 0.9f, new BoundingBox(100, 100, 120, 140), null, null);
    private static readonly SceneObject Table = new(
        "2", "front", "table", 0.8f, new BoundingBox(300, 200, 200, 120), null, null);
    private static readonly SceneObject Person = new(
        "3", "front", "person", 0.7f, new BoundingBox(540, 40, 80, 300), null, null);
    private static readonly SceneObject Cup = new(
        "4", "front", "cup", 0.6f, new BoundingBox(240, 300, 40, 50), null, null);
    private static readonly SceneObject Dog = new(
        "5", "front", "dog", 0.5f, new BoundingBox(20, 380, 90, 60), null, null);

    private static readonly GroundingAnswer FromRules = new()
    {
        Id = "c",
        Outcome = GroundingOutcome.Act,
        Action = RobotActionKind.Bring,
        Target = "1",
        Destination = "2",
        Avoid = ["3"],
        Confidence = 0.9,
        Candidates = [new("1", "mug", 0.875, Mug.Box), new("4", "cup", 0.1, Cup.Box)],
        Clauses = [new("red", true, "red 0.71 of its pixels"), new("small", false, "larger than cup 4")],
    };

    private static readonly GroundingAnswer FromBoth = FromRules with
    {
        Method = GroundingMethod.Combined,
        Modalities = [new("words", 1, 0.9), new("vision", 0.4, 0.3), new("sound", 1, 0)],
        Plausible = ["1", "several"],
        Attention = [new("bring", 0.1), new("robots", 0.2), new("red", 0.4), new("mug", 0.2)],
    };

    [Fact]
    public void Each_object_is_drawn_as_what_it_is_to_the_command()
    {
        SceneObject[] objects = [Mug, Table, Person, Cup, Dog];
        Assert.Equal(
            [
                (AnnotationRole.Target, "target #1 mug 0.88"), (AnnotationRole.Destination, "to #2 table"),
                (AnnotationRole.Avoid, "avoid #3 person"),
                (AnnotationRole.Candidate, "#4 cup 0.10"), (AnnotationRole.Seen, "#5 dog"),
            ],
            objects.Select(seen => Annotation.Of(seen, FromRules))
                .Select(annotation => (annotation.Role, annotation.Text)));
    }

    [Fact]
    public void What_is_to_be_avoided_shows_how_far_to_keep_away()
    {
        var answer = FromRules with { Distances = [new KeepDistance("3", 2)] };
        Assert.Equal("avoid #3 person, ≥ 2 m", Annotation.Of(Person, answer).Text);
        answer =
            answer with
            {
                Candidates = [new("3", "person", 0.875, Person.Box)],
                Distances = [new KeepDistance("3", 0.3048)],
            };
        Assert.Equal("avoid #3 person 0.88, ≥ 0.305 m", Annotation.Of(Person, answer).Text);
    }

    [Fact]
    public void Every_step_of_a_longer_action_has_its_target()
    {
        var answer =
            FromRules with { Steps = [new(RobotActionKind.GoTo, "1", null), new(RobotActionKind.Follow, "5", null)] };
        Assert.Equal(AnnotationRole.Target, Annotation.Of(Dog, answer).Role);
    }

    [Fact]
    public void Each_word_lies_on_a_ground_as_strong_as_its_weight_against_the_strongest()
    {
        var runs = GroundingImage.Shade("Bring, robot's RED - mug!", FromBoth.Attention);
        Assert.Equal("“Bring, robot's RED - mug!”", string.Concat(runs.Select(run => run.Text)));
        Assert.Equal(
            [("Bring", 63), ("robot's", 127), ("RED", 255), ("mug", 127)],
            runs.Where(run => run.Ground is not null).Select(run => (run.Text, (int)run.Ground!.Value.Alpha)));
    }

    [Theory]
    [InlineData("bring it")]
    [InlineData("")]
    [InlineData("bring robots red mug please")]
    public void Where_the_network_read_another_sentence_that_stands_beside_it(string sentence)
    {
        var runs = GroundingImage.Shade(sentence, FromBoth.Attention);
        Assert.Equal($"“{sentence}”  read as bring robots red mug", string.Concat(runs.Select(run => run.Text)));
        Assert.Equal(
            ["bring", "robots", "red", "mug"], runs.Where(run => run.Ground is not null).Select(run => run.Text));
    }

    [Fact]
    public void Without_attention_no_word_is_shaded()
    {
        Assert.All(GroundingImage.Shade("bring the mug", []), run => Assert.Null(run.Ground));
        Assert.All(GroundingImage.Shade("bring the mug", [new("bring", 0), new("the", 0), new("mug", 0)]),
            run => Assert.Null(run.Ground));
    }

    [Fact]
    public void A_line_lies_below_each_word_that_was_not_understood_where_it_was_said()
    {
        const string Sentence = "Go to the cup TO bed, of";
        UnreadWord[] unread = [new("to bed", 14..20), new("of", 22..24)];
        string[] words = ["go", "to", "the", "cup", "to", "bed", "of"];
        foreach (var attention in new[] { [], words.Select(word => new WordWeight(word, 0.1)).ToArray() })
        {
            var runs = GroundingImage.Mark(GroundingImage.Shade(Sentence, attention), Sentence, unread);
            Assert.Equal($"“{Sentence}”", string.Concat(runs.Select(run => run.Text)));
            Assert.Equal("TO bedof", string.Concat(runs.Where(run => run.Line is not null).Select(run => run.Text)));
            Assert.Equal(attention.Length, runs.Count(run => run.Ground is not null));
        }
    }

    [Fact]
    public void What_was_not_understood_of_an_earlier_turn_or_of_another_text_is_marked_nowhere()
    {
        UnreadWord[] unread = [new("that hums", default), new("far behind", 90..100), new("half", 5..30)];
        foreach (var said in new[] { "follow it", "" })
        {
            var runs = GroundingImage.Mark(GroundingImage.Shade(said, []), said, unread);
            Assert.All(runs, run => Assert.Null(run.Line));
        }
    }

    [Fact]
    public void The_line_is_red_and_as_long_as_the_word()
    {
        var answer = new GroundingAnswer { Id = "c", Outcome = GroundingOutcome.Clarify, Question = "What?" };
        using var read = Draw(640, 480, "go home MMMM", answer);
        using var unread = Draw(640, 480, "go home MMMM", answer with { Unread = [new("mmmm", 8..12)] });
        Assert.Equal((read.Width, read.Height), (unread.Width, unread.Height));
        Assert.Equal(0, Longest(read));
        // Four letters of 18 px, each 0.86 em wide.
        Assert.InRange(Longest(unread), 58, 66);

        static int Longest(SKBitmap drawn) => Enumerable.Range(480, drawn.Height - 480)
            .Max(y => Enumerable.Range(0, drawn.Width).Count(x => drawn.GetPixel(x, y) == Palette.Bad));
    }

    [Fact]
    public void A_reason_that_repeats_the_question_is_not_drawn()
    {
        var answer = new GroundingAnswer { Id = "c", Outcome = GroundingOutcome.Clarify, Question = "What?" };
        using var one = Draw(640, 480, "go", answer);
        using var same = Draw(640, 480, "go", answer with { Reason = "What?" });
        using var other = Draw(640, 480, "go", answer with { Reason = "Why." });
        Assert.Equal(one.Height, same.Height);
        Assert.InRange(other.Height - one.Height, 10, 40);
    }

    [Fact]
    public void Target_destination_and_avoid_have_colours_and_lines_of_their_own()
    {
        using var drawn = Draw(640, 480, "bring robots red mug", FromRules);
        // Along a side that no label covers: whole, dashed, dashed with dots.
        Assert.InRange(Along(drawn, Mug, AnnotationRole.Target), 125, 140);
        Assert.InRange(Along(drawn, Table, AnnotationRole.Destination), 60, 100);
        Assert.InRange(Along(drawn, Person, AnnotationRole.Avoid), 150, 240);
    }

    [Fact]
    public void Gates_and_what_is_possible_take_room_only_where_there_are_any()
    {
        using var rules = Draw(640, 480, "bring robots red mug", FromRules);
        using var both = Draw(640, 480, "bring robots red mug", FromBoth);
        Assert.InRange(both.Height - rules.Height, 40, 60);
    }

    [Theory]
    [InlineData(40, 30)]
    [InlineData(259, 194)]
    [InlineData(640, 480)]
    [InlineData(1920, 1080)]
    [InlineData(3000, 2000)]
    public void Text_stays_within_the_panel_at_any_size_of_picture(int width, int height)
    {
        string[] sentences = [string.Join(' ', Enumerable.Repeat("and the red mug", 40)), new string('a', 500),
            "e\u0301\ud83d\ude00 \ud800 stop", ""];
        foreach (var sentence in sentences)
        {
            var answer =
                FromBoth with
                {
                    Outcome = GroundingOutcome.Clarify,
                    Question = sentence,
                    Reason = sentence,
                    Clauses = [new(sentence, true, sentence)],
                };
            using var drawn = Draw(width, height, sentence, answer);
            var scale = drawn.Width / width;
            Assert.True(drawn.Width >= 640);
            var paper = drawn.GetPixel(0, drawn.Height - 1);
            for (var y = height * scale; y < drawn.Height; y++)
            {
                Assert.Equal(paper, drawn.GetPixel(drawn.Width - 2, y));
                Assert.Equal(paper, drawn.GetPixel(1, y));
            }

            // Something is written in each part of it but the margins.
            Assert.Contains(Enumerable.Range(height * scale, drawn.Height - height * scale),
                y => Enumerable.Range(0, drawn.Width / 4).Any(x => drawn.GetPixel(x, y) != paper));
        }
    }

    [Fact]
    public void Boxes_beyond_the_picture_and_without_size_do_no_harm()
    {
        SceneObject[] odd =
        [
            Mug with { Box = new BoundingBox(-500, -500, 5000, 5000) },
            Table with { Box = new BoundingBox(900, 900, 10, 10) },
            Person with { Box = default }, Cup with { Label = new string('x', 300) },
        ];
        using var image = GroundingImage.Encode(Png, new byte[64 * 48 * 3], 64, 48, odd, "stop", FromRules);
        using var drawn = SKBitmap.Decode(image);
        Assert.Equal(640, drawn.Width);
    }

    // How many pixels of the right side of an object's box show its role's colour.
    private static int Along(SKBitmap drawn, in SceneObject seen, AnnotationRole role)
    {
        var color = Palette.Of(role);
        var (x, box) = ((int)seen.Box.Right, seen.Box);
        return Enumerable.Range((int)box.Y, (int)box.Height).Count(y => drawn.GetPixel(x, y) == color);
    }

    private static SKBitmap Draw(int width, int height, string sentence, GroundingAnswer answer)
    {
        var rgb = new byte[width * height * 3];
        Array.Fill(rgb, (byte)90);
        using var image = GroundingImage.Encode(
            Png, rgb, width, height, [Mug, Table, Person, Cup, Dog], sentence, answer);
        return SKBitmap.Decode(image);
    }
}
