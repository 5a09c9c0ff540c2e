namespace EdgePerception.Runtime.Diagnostics;

/// <summary>What the program's exit code says.</summary>
public static class ExitCodes
{
    /// <summary>The answer was given.</summary>
    public const int Success = 0;

    /// <summary>Something failed that is not the user's mistake.</summary>
    public const int Failed = 1;

    /// <summary>Bad arguments, configuration or input.</summary>
    public const int BadInput = 2;

    /// <summary>Interrupted by the user.</summary>
    public const int Interrupted = 130;
}
