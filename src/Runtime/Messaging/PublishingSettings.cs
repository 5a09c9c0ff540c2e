using System.ComponentModel.DataAnnotations;

namespace EdgePerception.Runtime.Messaging;

/// <summary>What is sent to whom how often.</summary>
public sealed record PublishingSettings
{
    /// <summary>Messages a second at most on each of MQTT's streams: detections, scene, updates of tracks.</summary>
    [Range(0.1, 240.0)]
    public double MqttStreamHz { get; init; } = 5;

    /// <summary>How long after the decision an action may still be started, milliseconds.</summary>
    [Range(50, 600_000)]
    public int ActionLifetimeMs { get; init; } = 2_000;

    /// <summary>
    /// Folder for a picture (<c>ID.grounded.png</c>) of each command that was grounded; none when empty. Relative to
    /// the configuration file.
    /// </summary>
    public string PicturesFolder { get; init; } = "";

    /// <summary>Pictures that the folder may hold; the oldest go first, whichever run wrote them.</summary>
    [Range(1, 1_000_000)]
    public int MaxPictures { get; init; } = 1_000;

    /// <summary>Megabytes (millions of bytes) that they may have together; the oldest go first.</summary>
    [Range(1, 1_000_000)]
    public int MaxPicturesMegabytes { get; init; } = 500;
}
