namespace EdgePerception.Runtime.Files;

/// <summary>A file could not be written: one line with the file's name and the reason.</summary>
public sealed class OutputException(string message, Exception inner) : Exception(message, inner);
