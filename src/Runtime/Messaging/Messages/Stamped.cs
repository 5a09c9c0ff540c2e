namespace EdgePerception.Runtime.Messaging.Messages;

/// <summary>A message that says when and by whom it was made; <see cref="MessagePublisher"/> numbers it.</summary>
public interface IStamped
{
    /// <summary>Number, source and times.</summary>
    Header Header { get; set; }
}

public sealed partial class Detection2DArray : IStamped;

public sealed partial class TrackEvent : IStamped;

public sealed partial class Scene : IStamped;

public sealed partial class SoundArray : IStamped;

public sealed partial class Action : IStamped;

public sealed partial class Safety : IStamped;

public sealed partial class CommandState : IStamped;

public sealed partial class Health : IStamped;

public sealed partial class Stats : IStamped;
