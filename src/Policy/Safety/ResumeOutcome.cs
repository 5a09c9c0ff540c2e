namespace EdgePerception.Policy.Safety;

/// <summary>What became of a resume.</summary>
public enum ResumeOutcome
{
    /// <summary>The newest halt is lifted.</summary>
    Lifted,

    /// <summary>There is none.</summary>
    NotHalted,

    /// <summary>It names another halt than the newest.</summary>
    OtherHalt,

    /// <summary>It was given before the newest halt.</summary>
    Older,

    /// <summary>The service ends.</summary>
    Ended,
}
