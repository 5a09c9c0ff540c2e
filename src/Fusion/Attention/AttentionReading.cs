namespace EdgePerception.Fusion.Attention;

/// <summary>What the attention model makes of one command in one scene. Immutable.</summary>
public sealed record AttentionReading
{
    /// <summary>The command's words as the model read them.</summary>
    public required IReadOnlyList<string> Words { get; init; }

    /// <summary>The ids of the objects that the model was shown, in the order of every list of objects here.</summary>
    public required IReadOnlyList<string> Objects { get; init; }

    /// <summary>The labels of the sounds that the model was told.</summary>
    public required IReadOnlyList<string> Sounds { get; init; }

    /// <summary>Which object is to be acted on.</summary>
    public required RoleReading Target { get; init; }

    /// <summary>Which object it is to be brought or put to.</summary>
    public required RoleReading Destination { get; init; }

    /// <summary>Which object is to be kept away from.</summary>
    public required RoleReading Avoid { get; init; }

    /// <summary>What the model's intents are called.</summary>
    public required IReadOnlyList<string> IntentNames { get; init; }

    /// <summary>Probability of each of the model's intents, in the order of their names; sums to 1.</summary>
    public required IReadOnlyList<float> Intents { get; init; }

    /// <summary>How much of each modality the model let through.</summary>
    public required ModalityGates Gates { get; init; }

    /// <summary>How much each object attended to each word: objects × words; each row sums to at most 1.</summary>
    public required float[,] Attention { get; init; }
}

/// <summary>The probabilities of one role; they sum to 1.</summary>
/// <param name="Objects">Of each object that it alone is meant.</param>
/// <param name="Absent">That what is meant is not in sight.</param>
/// <param name="Several">That several objects are meant alike.</param>
/// <param name="NotAsked">That the command has no such role.</param>
public sealed record RoleReading(IReadOnlyList<float> Objects, float Absent, float Several, float NotAsked);

/// <summary>How much of each modality was let through, 0 (as if it were absent) to 1.</summary>
/// <param name="Words">Of the command.</param>
/// <param name="Vision">Of the objects.</param>
/// <param name="Sound">Of the sounds.</param>
public readonly record struct ModalityGates(float Words, float Vision, float Sound);
