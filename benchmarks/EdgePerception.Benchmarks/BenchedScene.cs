using System.Numerics;
using EdgePerception.Fusion.Geometry;
using EdgePerception.Fusion.Scenes;
using EdgePerception.Fusion.Vision.Color;

namespace EdgePerception.Benchmarks;

/// <summary>The scene that commands are grounded in: many objects of few kinds, and sounds.</summary>
internal static class BenchedScene
{
    public const int Objects = 20, Sounds = 8;

    /// <summary>A command of 16 words about it.</summary>
    public const string Command = "please bring me the red cup left of the bottle but stay away from the dog";

    public static Scene Create()
    {
        string[] labels = ["cup", "bottle", "dog", "person", "chair"];
        var scene = new Scene();
        scene.Cameras.Add(new CameraView("front", 640, 480, 70));
        for (var i = 0; i < Objects; i++)
        {
            var colors = new ColorShares();
            (colors[i % ColorShares.Count], colors[(i + 5) % ColorShares.Count]) = (0.7f, 0.3f);
            scene.Objects.Add(new SceneObject($"{i}", "front", labels[i % labels.Length], 0.4f + 0.02f * i,
                new BoundingBox(30 * i, 20 * (i % 7), 40, 60), colors, new Vector2(3 * i, -i)));
        }

        for (var i = 0; i < Sounds; i++)
            scene.Sounds.Add(new SceneSound(i % 2 == 0 ? "beep" : "dog bark", 0.8f, 10 * i - 40, 8));
        return scene;
    }
}
