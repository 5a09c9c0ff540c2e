using System.ComponentModel.DataAnnotations;
using EdgePerception.Runtime.Messaging;

namespace EdgePerception.Runtime.Gateway;

/// <summary>What is asked of commands from outside. Section <c>commands</c> of the configuration.</summary>
public sealed record CommandSettings : IValidatableObject
{
    /// <summary>How long a command without <c>ttlMs</c> counts, milliseconds, 1 to 600000.</summary>
    [Range(1, CommandReader.MaxTtlMs)]
    public int DefaultTtlMs { get; init; } = 10_000;

    /// <summary>Whether a command without <c>issuedAt</c> is refused, rather than counted from its receipt.</summary>
    public bool RequireIssuedAt { get; init; }

    /// <summary>
    /// How far in the future <c>issuedAt</c> may lie, for clocks that differ, milliseconds, 0 to 60000.
    /// </summary>
    [Range(0, 60_000)]
    public int ClockSkewMs { get; init; } = 2000;

    /// <summary>
    /// Messages a second on the topic <c>command</c> that are read, 1 to 1000; twice as many may come at once. What is
    /// beyond is searched for a stop and refused unread.
    /// </summary>
    [Range(1, 1000)]
    public int MaxPerSecond { get; init; } = 50;

    /// <summary>
    /// What a <c>replyTo</c> must begin with, with the last <c>/</c>. Empty takes
    /// <c>&lt;prefix&gt;/&lt;device&gt;/reply/</c>, which cannot be another device's halt or command.
    /// </summary>
    public string ReplyToPrefix { get; init; } = "";

    /// <inheritdoc/>
    public IEnumerable<ValidationResult> Validate(ValidationContext validationContext)
    {
        if (ReplyToPrefix.Length == 0) yield break;
        if (ReplyToPrefix.EndsWith('/') && TopicName.IsPrefix(ReplyToPrefix.AsSpan()[..^1])) yield break;
        yield return new ValidationResult(
            $"'{ReplyToPrefix}' must be names parted by '/', and end in '/'", [nameof(ReplyToPrefix)]);
    }
}
