using EdgePerception.Runtime.Messaging;
using EdgePerception.Runtime.Messaging.Transports;

namespace EdgePerception.Runtime.Gateway;

/// <summary>What is asked of commands from outside. Section <c>commands</c> of the configuration.</summary>
public sealed record CommandSettings : IOptionSection
{
    /// <summary>How long a command without <c>ttlMs</c> counts, milliseconds, 1 to 600000.</summary>
    public int DefaultTtlMs { get; init; } = 10_000;

    /// <summary>Whether a command without <c>issuedAt</c> is refused, rather than counted from its receipt.</summary>
    public bool RequireIssuedAt { get; init; }

    /// <summary>How far in the future <c>issuedAt</c> may lie, for clocks that differ, milliseconds, 0 to 60000.</summary>
    public int ClockSkewMs { get; init; } = 2000;

    /// <summary>
    /// What a <c>replyTo</c> must begin with, with the last <c>/</c>. Empty takes <c>&lt;prefix&gt;/&lt;device&gt;/reply/</c>,
    /// which cannot be another device's halt or command.
    /// </summary>
    public string ReplyToPrefix { get; init; } = "";

    /// <summary>All that is wrong with the options, as key and reason; empty when they can be used.</summary>
    public IReadOnlyList<OptionFault> Faults()
    {
        var faults = new OptionFaults();
        faults.Range("defaultTtlMs", DefaultTtlMs, 1, CommandReader.MaxTtlMs);
        faults.Range("clockSkewMs", ClockSkewMs, 0, 60_000);
        var prefix = ReplyToPrefix.AsSpan();
        var usable = prefix.Length == 0 || (prefix[^1] == '/' && TopicName.IsPrefix(prefix[..^1]));
        faults.Check(usable, "replyToPrefix", $"'{ReplyToPrefix}' must be names parted by '/', and end in '/'");
        return faults.All;
    }
}
