namespace EdgePerception.Sensors.Capture;

/// <summary>The rule for names of cameras and microphones.</summary>
internal static class SourceName
{
    /// <summary>What is wrong with a name; null if nothing is.</summary>
    public static string? Fault(string name) =>
        name.Length is > 0 and <= 32 && name.All(c => char.IsAsciiLetterOrDigit(c) || c is '_' or '-')
            ? null
            : $"'{name}' must be 1 to 32 letters, digits, _ or -";
}
