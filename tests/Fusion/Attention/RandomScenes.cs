using System.Numerics;
using EdgePerception.Fusion.Geometry;
using EdgePerception.Fusion.Scenes;
using EdgePerception.Fusion.Vision.Color;

namespace EdgePerception.Fusion.Tests.Attention;

/// <summary>Scenes and commands drawn from a seed: two cameras, up to so many objects and sounds.</summary>
internal static class RandomScenes
{
    private static readonly string[] Labels = ["cup", "bottle", "traffic light", "person", "dax", "wine glass"];
    private static readonly string[] Commands =
    [
        "take the red cup left of the bottle", "go to the person that is beeping, but avoid the dog",
        "bring me the second wine glass from the left",
        "follow her", "put the cup beside the bottle",
    ];

    public static (Scene Scene, string Command) Draw(int seed, int mostObjects = 12, int mostSounds = 4)
    {
        var random = new Random(seed);
        var scene = new Scene();
        scene.Cameras.Add(new CameraView("front", 640, 480, 70));
        scene.Cameras.Add(new CameraView("back", 1280, 720, null));
        for (var i = random.Next(1, mostObjects + 1); i > 0; i--) scene.Objects.Add(Object(random, i));
        for (var i = random.Next(1, mostSounds + 1); i > 0; i--)
            scene.Sounds.Add(
                new SceneSound(random.Next(2) == 0 ? "beep" : "dog bark", random.NextSingle(), random.Next(-60, 60),
                    random.Next(2) == 0 ? null : 10));
        return (scene, Commands[random.Next(Commands.Length)]);
    }

    private static SceneObject Object(Random random, int id)
    {
        var isFront = random.Next(2) == 0;
        var colors = new ColorShares();
        colors[random.Next(ColorShares.Count)] = 0.7f;
        colors[random.Next(ColorShares.Count)] += 0.2f;
        return new SceneObject(
            $"{id}", isFront ? "front" : "back", Labels[random.Next(Labels.Length)], random.NextSingle(),
            new BoundingBox(random.Next(0, 500), random.Next(0, 400), random.Next(10, 140), random.Next(10, 80)),
            random.Next(4) == 0 ? null : colors,
            random.Next(3) == 0 ? null : new Vector2(random.Next(-200, 200), random.Next(-50, 50)));
    }
}
