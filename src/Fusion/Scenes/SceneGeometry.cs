namespace EdgePerception.Fusion.Scenes;

/// <summary>What the places of objects mean in the image that shows them.</summary>
public static class SceneGeometry
{
    private const float LargestImage = 1e6f;

    /// <summary>
    /// The camera that sees an object. Without its image's size the extent of its objects has to do for it; a field of
    /// view that cannot be is not known.
    /// </summary>
    public static CameraView CameraOf(this Scene scene, in SceneObject item)
    {
        var camera = default(CameraView);
        foreach (var known in scene.Cameras)
        {
            if (known.Name != item.Camera) continue;
            camera = known;
            break;
        }

        if (camera.Width <= 0 || camera.Height <= 0) camera = Extent(scene, item.Camera, camera);
        return camera.HorizontalFieldOfViewDegrees is > 0 and < 180 ? camera
            : camera with { HorizontalFieldOfViewDegrees = null };
    }

    private static CameraView Extent(Scene scene, string? name, CameraView camera)
    {
        float right = 1, bottom = 1;
        foreach (var item in scene.Objects)
        {
            if (item.Camera != name) continue;
            if (float.IsFinite(item.Box.Right)) right = Math.Max(right, item.Box.Right);
            if (float.IsFinite(item.Box.Bottom)) bottom = Math.Max(bottom, item.Box.Bottom);
        }

        return camera with
        {
            Name = name ?? "",
            Width = (int)Math.Min(right, LargestImage),
            Height = (int)Math.Min(bottom, LargestImage),
        };
    }
}
