namespace EdgePerception.Sensors.Diagnostics;

/// <summary>The members of enumerations as the values of tags: <c>PoolExhausted</c> is <c>pool_exhausted</c>.</summary>
public static class TagNames
{
    /// <summary>The name of a member; allocates nothing.</summary>
    public static string Of<T>(T value)
        where T : struct, Enum => Names<T>.ByValue[value];

    private static string SnakeCase(string name) => string.Concat(
        name.Select((letter, at) =>
            char.IsUpper(letter) ? $"{(at > 0 ? "_" : "")}{char.ToLowerInvariant(letter)}" : $"{letter}"));

    private static class Names<T>
        where T : struct, Enum
    {
        public static readonly Dictionary<T, string> ByValue =
            Enum.GetValues<T>().Distinct().ToDictionary(value => value, value => SnakeCase(value.ToString()));
    }
}
