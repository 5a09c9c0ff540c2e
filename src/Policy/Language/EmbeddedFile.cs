namespace EdgePerception.Policy.Language;

/// <summary>The files of words and rules that are built into the program.</summary>
internal static class EmbeddedFile
{
    /// <summary>Opens a file.</summary>
    /// <param name="name">Its name without a folder.</param>
    /// <exception cref="InvalidDataException">The program was built without it.</exception>
    public static StreamReader Open(string name)
    {
        var assembly = typeof(EmbeddedFile).Assembly;
        return assembly.GetManifestResourceStream($"EdgePerception.Policy.{name}") is { } stream
            ? new StreamReader(stream)
            : throw new InvalidDataException($"{name} is not embedded in the assembly; rebuild EdgePerception.Policy");
    }
}
