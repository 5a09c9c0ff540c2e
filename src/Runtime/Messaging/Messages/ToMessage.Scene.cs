using EdgePerception.Fusion.Geometry;
using EdgePerception.Fusion.Scenes;
using EdgePerception.Fusion.Vision;
using EdgePerception.Fusion.Vision.Color;
using Google.Protobuf.Collections;

namespace EdgePerception.Runtime.Messaging.Messages;

/// <content>What is seen and heard: filled anew each tick, in messages that are there already.</content>
public static partial class ToMessage
{
    private static readonly string[] ColorNames =
        [.. System.Enum.GetNames<NamedColor>().Select(name => name.ToLowerInvariant())];

    /// <summary>Fills the message of an object, whatever it held before.</summary>
    internal static void Fill(Track message, in SceneObject seen, TimeSpan age = default)
    {
        (message.Id, message.Camera, message.Label, message.Score) =
            (seen.Id, seen.Camera, seen.Label, Share(seen.Score));
        Fill(message.Bbox ??= new BoundingBox2D(), seen.Box);
        message.AgeS = Math.Round(age.TotalSeconds, 3);
        if (seen.Velocity is { } velocity) Fill(message.Velocity ??= new Vector2(), velocity.X, velocity.Y);
        else message.Velocity = null;
        Fill(message.Colors, seen.Colors ?? default);
        Resize(message.Near, seen.Near.Count);
        for (var i = 0; i < seen.Near.Count; i++) Fill(message.Near[i], seen.Near[i]);
    }

    /// <summary>Fills the message of a camera, whatever it held before.</summary>
    internal static void Fill(Camera message, in CameraView camera, CameraLiveness state)
    {
        (message.Name, message.Width, message.Height) = (camera.Name, (uint)camera.Width, (uint)camera.Height);
        (message.AgeMs, message.Live) = (Math.Round(state.Age.TotalMilliseconds, 3), state.Live);
        message.Quality = Share(camera.Quality);
        if (camera.HorizontalFieldOfViewDegrees is { } field) message.HfovDeg = Length(field);
        else message.ClearHfovDeg();
    }

    /// <summary>Fills the message of a sound, whatever it held before.</summary>
    internal static void Fill(Sound message, in SceneSound sound)
    {
        (message.Label, message.Score) = (sound.Label, Share(sound.Score));
        if (sound.AzimuthDegrees is { } azimuth) message.AzimuthDeg = Length(azimuth);
        else message.ClearAzimuthDeg();
        if (sound.AzimuthStandardDeviationDegrees is { } deviation) message.AzimuthStdDeg = Length(deviation);
        else message.ClearAzimuthStdDeg();
    }

    /// <summary>Fills the message of a detection, whatever it held before.</summary>
    internal static void Fill(Detection2D message, string track, in Detection detection)
    {
        message.Id = track;
        Fill(message.Bbox ??= new BoundingBox2D(), detection.Box);
        Resize(message.Results, 1 + detection.Near.Count);
        Fill(message.Results[0], new LabelScore(detection.Label, detection.Score));
        for (var i = 0; i < detection.Near.Count; i++) Fill(message.Results[i + 1], detection.Near[i]);
    }

    private static void Fill(ObjectHypothesis message, in LabelScore label) =>
        (message.ClassId, message.Score) = (label.Label, Share(label.Score));

    private static void Resize(RepeatedField<ObjectHypothesis> list, int count)
    {
        while (list.Count > count) list.RemoveAt(list.Count - 1);
        while (list.Count < count) list.Add(new ObjectHypothesis());
    }

    // A map that is emptied and filled again makes new entries, so one with the same names is only given new figures.
    private static void Fill(MapField<string, double> message, in ColorShares colors)
    {
        if (!HasNamesOf(message, colors)) message.Clear();
        for (var color = 0; color < ColorShares.Count; color++)
        {
            if (Share(colors[color]) is > 0 and var share) message[ColorNames[color]] = share;
        }
    }

    private static bool HasNamesOf(MapField<string, double> message, in ColorShares colors)
    {
        var count = 0;
        for (var color = 0; color < ColorShares.Count; color++)
        {
            if (Share(colors[color]) <= 0) continue;
            if (!message.ContainsKey(ColorNames[color])) return false;
            count++;
        }

        return count == message.Count;
    }

    private static Box Box(in BoundingBox box) =>
        new() { X = Length(box.X), Y = Length(box.Y), Width = Length(box.Width), Height = Length(box.Height) };

    private static void Fill(BoundingBox2D message, in BoundingBox box)
    {
        Fill(message.Center ??= new Vector2(), box.CenterX, box.CenterY);
        (message.SizeX, message.SizeY) = (Length(box.Width), Length(box.Height));
    }

    private static void Fill(Vector2 message, float x, float y) => (message.X, message.Y) = (Length(x), Length(y));
}
