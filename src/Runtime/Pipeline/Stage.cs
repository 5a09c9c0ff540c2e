namespace EdgePerception.Runtime.Pipeline;

/// <summary>The stages of a tick, in their order.</summary>
public enum Stage
{
    /// <summary>Waiting for a frame, and putting together what belongs to it.</summary>
    Synchronize,

    /// <summary>Images to detections.</summary>
    Encode,

    /// <summary>Detections to tracks.</summary>
    Track,

    /// <summary>Tracks of all cameras, and sounds, to one scene.</summary>
    Fuse,

    /// <summary>Commands against the scene.</summary>
    Ground,

    /// <summary>Answers to actions, as far as safety allows.</summary>
    Decide,

    /// <summary>Handing the messages to the transports.</summary>
    Publish,
}
