using EdgePerception.Fusion.Geometry;
using EdgePerception.Fusion.Scenes;

namespace EdgePerception.Fusion.Tests.Scenes;

/// <summary>Which image an object lies in, also where nobody said how large it is.</summary>
public sealed class SceneGeometryTests
{
    [Fact]
    public void An_object_lies_in_the_image_of_its_camera_and_the_first_of_a_name_counts()
    {
        var scene = Of([new("rear", 320, 240, 90), new("front", 640, 480, 70), new("front", 1, 1, 1)],
            Box("front", 10, 10));
        Assert.Equal(new CameraView("front", 640, 480, 70), scene.CameraOf(scene.Objects[0]));
    }

    [Theory]
    [InlineData(0f, null)]
    [InlineData(180f, null)]
    [InlineData(-70f, null)]
    [InlineData(float.NaN, null)]
    [InlineData(float.PositiveInfinity, null)]
    [InlineData(179.9f, 179.9f)]
    [InlineData(0.1f, 0.1f)]
    public void A_field_of_view_that_cannot_be_is_not_known(float field, float? expected)
    {
        var scene = Of([new("front", 640, 480, field)], Box("front", 10, 10));
        Assert.Equal(new CameraView("front", 640, 480, expected), scene.CameraOf(scene.Objects[0]));
    }

    [Theory]
    [InlineData(0, 480)]
    [InlineData(640, 0)]
    [InlineData(-1, 480)]
    public void Without_the_images_size_the_extent_of_its_objects_has_to_do(int width, int height)
    {
        var scene = Of([new("front", width, height, 70)],
            Box("front", 300, 90), Box("front", 100, 200), Box("rear", 900, 900), Box("front", float.NaN, 999),
            Box("front", float.PositiveInfinity, 1));
        Assert.Equal(new CameraView("front", 300, 999, 70), scene.CameraOf(scene.Objects[0]));
    }

    [Fact]
    public void An_unknown_camera_has_a_name_and_at_least_a_pixel()
    {
        var scene = Of([], Box("front", -5, -5), Box(null!, -5, 7));
        var (named, nameless) = (scene.CameraOf(scene.Objects[0]), scene.CameraOf(scene.Objects[1]));
        Assert.Equal(("front", 1, 1, null),
            (named.Name, named.Width, named.Height, named.HorizontalFieldOfViewDegrees));
        Assert.Equal(("", 1, 7), (nameless.Name, nameless.Width, nameless.Height));
    }

    [Fact]
    public void An_image_has_no_more_than_a_million_pixels_a_side()
    {
        var scene = Of([], Box("front", 3e38f, 2e6f));
        Assert.Equal((1_000_000, 1_000_000),
            (scene.CameraOf(scene.Objects[0]).Width, scene.CameraOf(scene.Objects[0]).Height));
    }

    private static SceneObject Box(string camera, float right, float bottom) =>
        new("1", camera, "cup", 1, new BoundingBox(0, 0, right, bottom), null, null);

    private static Scene Of(CameraView[] cameras, params SceneObject[] objects)
    {
        var scene = new Scene();
        scene.Cameras.AddRange(cameras);
        scene.Objects.AddRange(objects);
        return scene;
    }
}
