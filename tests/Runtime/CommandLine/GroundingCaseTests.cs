using System.Globalization;
using EdgePerception.Fusion.Geometry;
using EdgePerception.Fusion.Scenes;
using EdgePerception.Fusion.Vision.Color;
using EdgePerception.Runtime.CommandLine;

namespace EdgePerception.Runtime.Tests.CommandLine;

public sealed class GroundingCaseTests
{
    private const string Whole = """
        {"id":"c1","image":{"width":640,"height":480},"camera":{"hfovDeg":60},
         "objects":[{"id":"a","label":"mug","score":0.9,"box":{"x":1,"y":2,"width":30.5,"height":40},
                     "colors":{"red":0.7,"gray":0.2},"velocity":{"x":-3,"y":0.5}},
                    {"id":"b","label":"oil spill","score":1,"box":{"x":-10,"y":0,"width":0,"height":0}}],
         "sounds":[{"label":"water","score":0.5,"azimuthDeg":-20,"azimuthStdDeg":5},{"label":"speech"}],
         "command":"bring me the red mug"}
        """;

    [Fact]
    public void Everything_in_a_case_is_read()
    {
        var (id, scene, command) = GroundingCase.Parse(Whole);
        Assert.Equal(("c1", "bring me the red mug"), (id, command));
        var camera = Assert.Single(scene.Cameras);
        Assert.Equal((640, 480, 60f), (camera.Width, camera.Height, camera.HorizontalFieldOfViewDegrees));
        Assert.Equal(["a", "b"], scene.Objects.Select(seen => seen.Id));
        var mug = scene.Objects[0];
        Assert.Equal(("mug", 0.9f, new BoundingBox(1, 2, 30.5f, 40)), (mug.Label, mug.Score, mug.Box));
        Assert.Equal((0.7f, 0.2f, 0f),
            (mug.Colors!.Value[NamedColor.Red], mug.Colors.Value[NamedColor.Grey], mug.Colors.Value[NamedColor.Blue]));
        Assert.Equal(new System.Numerics.Vector2(-3, 0.5f), mug.Velocity);
        Assert.Null(scene.Objects[1].Colors);
        Assert.Null(scene.Objects[1].Velocity);
        Assert.All(scene.Objects, seen => Assert.Equal(camera.Name, seen.Camera));
        Assert.Equal([("water", 0.5f, -20f), ("speech", 1f, null)],
            scene.Sounds.Select(sound => (sound.Label, sound.Score, sound.AzimuthDegrees)));
    }

    [Theory]
    [InlineData("""{"id":7,"image":{"width":1,"height":1},"objects":[],"command":""}""")]
    [InlineData(
        """{"id":"7","image":{"width":1.0,"height":1e0},"camera":null,"sounds":null,"objects":[],"command":"","expected":{"outcome":"act"},"objects2":0}""")]
    public void What_may_be_missing_may_be_null_and_what_is_not_known_is_left_aside(string line)
    {
        var (id, scene, command) = GroundingCase.Parse(line);
        Assert.Equal(("7", ""), (id, command));
        Assert.Empty(scene.Objects);
        Assert.Empty(scene.Sounds);
        Assert.Null(scene.Cameras[0].HorizontalFieldOfViewDegrees);
    }

    [Fact]
    public void Quality_is_full_where_none_is_stated()
    {
        Assert.Equal(ModalityQuality.Full, GroundingCase.Parse(Whole).Scene.Quality);
        Assert.Equal(new ModalityQuality(0.25f, 1), Quality("""{"vision":0.25}"""));
        Assert.Equal(new ModalityQuality(1, 0), Quality("""{"sound":0,"vision":null}"""));
        Assert.Equal(ModalityQuality.Full, Quality("{}"));

        static ModalityQuality Quality(string json) =>
            GroundingCase.Parse(With("\"command\"", $"\"quality\":{json},\"command\"")).Scene.Quality;
    }

    [Fact]
    public void A_picture_stands_in_place_of_image_and_objects()
    {
        const string Line =
            """{"id":"p","picture":"photos/a.jpg","camera":{"hfovDeg":70},"sounds":[{"label":"beep"}],"command":"stop"}""";
        var read = GroundingCase.Parse(Line);
        Assert.Equal(("photos/a.jpg", 70f), (read.Picture, read.FieldOfView));
        Assert.Empty(read.Scene.Cameras);
        Assert.Empty(read.Scene.Objects);
        Assert.Equal("beep", Assert.Single(read.Scene.Sounds).Label);
    }

    [Theory]
    [InlineData("", "not valid JSON")]
    [InlineData("{", "not valid JSON at byte 2")]
    [InlineData("{} {}", "not valid JSON")]
    [InlineData("[]", "expected an object")]
    [InlineData("null", "expected an object")]
    [InlineData("{}", "'image' is missing")]
    public void A_line_that_is_no_case_says_what_is_expected(string line, string reason) =>
        Assert.StartsWith(
            reason, Assert.Throws<FormatException>(() => GroundingCase.Parse(line)).Message, StringComparison.Ordinal);

    [Theory]
    [InlineData("\"width\":640", "\"width\":\"wide\"", "image.width: expected a number")]
    [InlineData("\"width\":640", "\"width\":0", "image.width: 0 is out of range, 1 to 100000")]
    [InlineData("\"width\":640", "\"width\":1.5", "image.width: expected a whole number")]
    [InlineData("\"hfovDeg\":60", "\"hfovDeg\":180", "camera.hfovDeg: 180 is out of range, 1 to 179")]
    [InlineData("\"camera\":{\"hfovDeg\":60}", "\"camera\":[]", "camera: expected an object")]
    [InlineData("\"id\":\"b\"", "\"id\":\"a\"", "objects.1: the id 'a' stands there twice")]
    [InlineData("\"id\":\"b\"", "\"id\":true", "objects.1.id: expected a text")]
    [InlineData("\"label\":\"mug\"", "\"label\":5", "objects.0.label: expected a text")]
    [InlineData("\"label\":\"mug\",", "", "objects.0: 'label' is missing")]
    [InlineData("\"score\":0.9", "\"score\":1.1", "objects.0.score: 1.1 is out of range, 0 to 1")]
    [InlineData("\"score\":0.9", "\"score\":1e999", "objects.0.score: expected a number")]
    [InlineData("\"width\":30.5", "\"width\":-1", "objects.0.box.width: -1 is out of range")]
    [InlineData("\"red\":0.7", "\"reddish\":0.7", "objects.0.colors.reddish: is not one of ")]
    [InlineData("\"red\":0.7", "\"red\":2", "objects.0.colors.red: 2 is out of range, 0 to 1")]
    [InlineData("\"colors\":{\"red\":0.7,\"gray\":0.2}", "\"colors\":\"red\"", "objects.0.colors: expected an object")]
    [InlineData("\"x\":-3,", "", "objects.0.velocity: 'x' is missing")]
    [InlineData("\"azimuthDeg\":-20", "\"azimuthDeg\":-361", "sounds.0.azimuthDeg: -361 is out of range, -360 to 360")]
    [InlineData("\"command\":\"bring me the red mug\"", "\"command\":null", "'command' is missing")]
    [InlineData("\"command\"", "\"quality\":0.5,\"command\"", "quality: expected an object")]
    [InlineData(
        "\"command\"", "\"quality\":{\"vision\":1.5},\"command\"", "quality.vision: 1.5 is out of range, 0 to 1")]
    [InlineData("\"command\"", "\"quality\":{\"sound\":\"bad\"},\"command\"", "quality.sound: expected a number")]
    [InlineData(
        "\"command\"", "\"picture\":\"a.jpg\",\"command\"", "image: a case has either a picture, or image and objects")]
    [InlineData("\"image\":{\"width\":640,\"height\":480}", "\"picture\":\"a.jpg\"",
        "objects: a case has either a picture, or image and objects")]
    [InlineData("\"command\":\"bring me the red mug\"", "\"command\":\"\\ud800\"",
        "a text holds an escape that is no character")]
    [InlineData("\"label\":\"mug\"", "\"label\":\"\\udc00\"", "a text holds an escape that is no character")]
    [InlineData("\"red\":0.7", "\"\\ud800\":0.7", "a text holds an escape that is no character")]
    public void Each_fault_names_its_place_and_what_is_right(string right, string wrong, string reason)
    {
        Assert.Contains(right, Whole, StringComparison.Ordinal);
        var line = Whole.Replace(right, wrong, StringComparison.Ordinal);
        Assert.StartsWith(
            reason, Assert.Throws<FormatException>(() => GroundingCase.Parse(line)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void What_was_said_before_is_read_in_order()
    {
        Assert.Equal(
            ["follow the person", "the left one"],
            GroundingCase.Parse(
                With("\"command\"", "\"history\":[\"follow the person\",\"the left one\"],\"command\"")).History);
        Assert.Empty(GroundingCase.Parse(Whole).History);
        var nine = string.Join(',', Enumerable.Repeat("\"stop\"", 9));
        Assert.Equal("history: more than 8 entries", Refused(With("\"command\"", $"\"history\":[{nine}],\"command\"")));
        Assert.Equal("history.1: longer than 2000 characters",
            Refused(With("\"command\"", $"\"history\":[\"a\",\"{new string('a', 2001)}\"],\"command\"")));
        Assert.Equal("history.0: expected a text", Refused(With("\"command\"", "\"history\":[7],\"command\"")));
    }

    [Theory]
    [InlineData("7", "picture: expected a text")]
    [InlineData("\"\"", "picture: must be a path of 1 to 4096 characters")]
    [InlineData("\"a\\u0000b\"", "picture: must be a path of 1 to 4096 characters")]
    public void A_picture_must_be_a_path(string image, string reason) =>
        Assert.Equal(reason, Refused($$"""{"id":"p","picture":{{image}},"command":"stop"}"""));

    [Fact]
    public void What_no_case_needs_is_refused_before_it_costs_anything()
    {
        var many = string.Join(',', Enumerable.Repeat("{}", 10_001));
        Assert.Contains("more than 10000 entries",
            Refused($$"""{"image":{"width":1,"height":1},"objects":[{{many}}]}"""), StringComparison.Ordinal);
        Assert.Contains("must be a path of 1 to 4096", Refused($$"""{"picture":"{{new string('a', 4097)}}"}"""),
            StringComparison.Ordinal);
        Assert.Contains("longer than", Refused(new string(' ', (4 << 20) + 1)), StringComparison.Ordinal);
        Assert.Contains("not valid JSON", Refused(new string('[', 100_000)), StringComparison.Ordinal);
    }

    [Fact]
    public void Reasons_do_not_depend_on_the_users_language()
    {
        var before = CultureInfo.CurrentCulture;
        try
        {
            CultureInfo.CurrentCulture = CultureInfo.InvariantCulture.Clone() is CultureInfo german
                && (german.NumberFormat.NumberDecimalSeparator = ",") == "," ? german
                : throw new InvalidOperationException();
            var line = Whole.Replace("\"score\":0.9", "\"score\":1.5", StringComparison.Ordinal);
            Assert.Contains("1.5 is out of range", Refused(line), StringComparison.Ordinal);
        }
        finally
        {
            CultureInfo.CurrentCulture = before;
        }
    }

    private static string With(string part, string other)
    {
        Assert.Contains(part, Whole, StringComparison.Ordinal);
        return Whole.Replace(part, other, StringComparison.Ordinal);
    }

    private static string Refused(string line) =>
        Assert.Throws<FormatException>(() => GroundingCase.Parse(line)).Message;
}
