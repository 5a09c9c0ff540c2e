namespace EdgePerception.Policy.Language;

/// <summary>A reading turns out to mean nothing; the next one is tried.</summary>
internal sealed class ReadingException : Exception;
