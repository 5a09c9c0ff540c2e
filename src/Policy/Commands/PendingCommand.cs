namespace EdgePerception.Policy.Commands;

/// <summary>A command that was accepted and waits for the next scene.</summary>
/// <param name="Id">Its id.</param>
/// <param name="Text">What was said or written.</param>
/// <param name="ReplyTo">A further topic for the answer, or empty.</param>
/// <param name="ReceivedAt">When it came, on the monotonic clock.</param>
/// <param name="ExpiresAt">When it is too old to be acted on, on the monotonic clock.</param>
/// <param name="Sender">Who gave it, as they call themselves; empty where they do not.</param>
public sealed record PendingCommand(
    string Id, string Text, string ReplyTo, TimeSpan ReceivedAt, TimeSpan ExpiresAt, string Sender = "")
{
    /// <summary>When it was given, on the monotonic clock; its receipt where its sender does not say.</summary>
    public TimeSpan IssuedAt { get; init; } = ReceivedAt;
}
