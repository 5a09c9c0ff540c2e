using System.Numerics;
using EdgePerception.Fusion.Attention;
using EdgePerception.Fusion.Geometry;
using EdgePerception.Fusion.Scenes;
using EdgePerception.Fusion.Vision.Color;

namespace EdgePerception.Fusion.Tests.Attention;

public sealed class SceneTokensTests
{
    private static readonly CameraView Camera = new("front", 800, 400, 90);

    [Fact]
    public void An_object_is_told_by_place_score_direction_colours_and_motion()
    {
        var colors = new ColorShares();
        (colors[NamedColor.Red], colors[NamedColor.White]) = (0.75f, 0.25f);
        var values = Region(
            new SceneObject(
                "1", "front", "cup", 0.9f, new BoundingBox(600, 100, 80, 40), colors, new Vector2(32, -80)));
        float[] place = [0.3f, -0.2f, 0.1f, 0.1f, 0.75f, 0.85f, 0.25f, 0.35f, MathF.Log(0.01f) / 4 + 1, 0.9f];
        AssertClose(place, values[..10]);
        // The column lies 0.6 half widths right of the middle, and half the field is 45 degrees.
        AssertClose([0.6f / MathF.Sqrt(1.36f), 1 / MathF.Sqrt(1.36f)], values[10..12]);
        AssertClose([0.75f, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0.25f], values[12..24]);
        AssertClose([0.2f, -0.5f, 1, 1, 0.5f], values[24..]);
    }

    [Fact]
    public void What_was_not_measured_is_zero_and_said_to_be_missing()
    {
        var values =
            Region(new SceneObject("1", "front", "cup", 0.9f, new BoundingBox(0, 0, 80, 40), null, null),
                Camera with { HorizontalFieldOfViewDegrees = null });
        Assert.All(values[10..28], value => Assert.Equal(0, value));
    }

    [Theory]
    [InlineData(float.NaN)]
    [InlineData(float.PositiveInfinity)]
    [InlineData(float.NegativeInfinity)]
    public void What_is_no_number_counts_as_not_measured(float number)
    {
        var colors = new ColorShares();
        (colors[NamedColor.Red], colors[NamedColor.Blue]) = (0.5f, number);
        var values = Region(
            new SceneObject(
                "1", "front", "cup", number, new BoundingBox(0, 0, 80, 40), colors, new Vector2(3, number)));
        Assert.Equal(0.7f, values[9]);
        Assert.All(values[12..28], value => Assert.Equal(0, value));
        AssertClose([0, 0, 0, 0.15f, 0.7f], Sound(new SceneSound("beep", number, number, number)));
    }

    [Fact]
    public void Colours_of_no_share_were_not_measured() =>
        Assert.Equal(
            0, Region(
                new SceneObject("1", "front", "cup", 1, new BoundingBox(0, 0, 8, 4), default(ColorShares), null))[26]);

    [Theory]
    [InlineData(1e30f, 1e30f, 1e30f)]
    [InlineData(-1e30f, 1e30f, 0)]
    [InlineData(float.MaxValue, float.MaxValue, float.MaxValue)]
    [InlineData(0, 0, 0)]
    public void However_far_out_a_box_lies_its_numbers_stay_in_range(float at, float width, float height)
    {
        var item = new SceneObject(
            "1", "front", "cup", 5, new BoundingBox(at, at, width, height), null, new Vector2(1e30f, -1e30f));
        Assert.True(SceneTokens.IsRegion(item));
        var values = Region(item);
        Assert.All(values[..9], value => Assert.InRange(value, -2, 2));
        Assert.Equal(1, values[9]);
        Assert.All(values[10..12], value => Assert.InRange(value, -1, 1));
        Assert.Equal((3, -3), (values[24], values[25]));
    }

    [Theory]
    [InlineData(100, 1000, 4)]
    [InlineData(1000, 100, 0.25)]
    public void A_picture_is_at_most_four_times_as_high_as_wide_or_as_wide_as_high(
        int width, int height, float aspect) =>
        Assert.Equal(
            aspect,
            Region(new SceneObject("1", "front", "cup", 1, new BoundingBox(0, 0, 8, 4), null, null),
                new CameraView("front", width, height, null))[28]);

    [Theory]
    [InlineData(0, -1, 4, 4, true)]
    [InlineData(0, 0, -1, 4, false)]
    [InlineData(float.NaN, 0, 4, 4, false)]
    [InlineData(0, 0, 4, float.PositiveInfinity, false)]
    public void Only_an_object_with_a_box_is_shown(float x, float y, float width, float height, bool isShown) =>
        Assert.Equal(
            isShown,
            SceneTokens.IsRegion(
                new SceneObject("1", "front", "cup", 1, new BoundingBox(x, y, width, height), null, null)));

    [Fact]
    public void A_sound_is_told_by_direction_spread_and_score()
    {
        AssertClose(
            [-0.5f, MathF.Sqrt(0.75f), 1, 10 * MathF.PI / 180, 0.6f], Sound(new SceneSound("beep", 0.6f, -30, 10)));
        AssertClose([0, 0, 0, 0.15f, 0.6f], Sound(new SceneSound("beep", 0.6f, null, null)));
        AssertClose([1, 0, 1, 1.5f, 0.6f], Sound(new SceneSound("beep", 0.6f, 90, 170)));
    }

    [Theory]
    [InlineData("quiet", false)]
    [InlineData(" QUIET ", false)]
    [InlineData("quiet beep", true)]
    public void Quiet_is_no_sound(string label, bool isSound) =>
        Assert.Equal(isSound, SceneTokens.IsSound(new SceneSound(label, 1, null, null)));

    private static float[] Region(SceneObject item, CameraView? camera = null)
    {
        var values = new float[SceneTokens.RegionLength];
        Array.Fill(values, 42);
        SceneTokens.Write(item, camera ?? Camera, values);
        return values;
    }

    private static float[] Sound(SceneSound sound)
    {
        var values = new float[SceneTokens.SoundLength];
        Array.Fill(values, 42);
        SceneTokens.Write(sound, values);
        return values;
    }

    private static void AssertClose(float[] expected, float[] actual)
    {
        Assert.Equal(expected.Length, actual.Length);
        for (var i = 0; i < expected.Length; i++) Assert.Equal(expected[i], actual[i], 1e-5f);
    }
}
