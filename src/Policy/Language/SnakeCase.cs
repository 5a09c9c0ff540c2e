namespace EdgePerception.Policy.Language;

/// <summary>The names that files and messages give to members of an enumeration: <c>left_of</c> for LeftOf.</summary>
internal static class SnakeCase
{
    /// <summary>The member of a name.</summary>
    /// <exception cref="ArgumentException">There is none.</exception>
    public static T Parse<T>(string name)
        where T : struct, Enum =>
        TryParse<T>(name, out var member)
            ? member
            : throw new ArgumentException($"there is no {typeof(T).Name} '{name}'");

    /// <summary>The member of a name, if there is one.</summary>
    public static bool TryParse<T>(string name, out T member)
        where T : struct, Enum =>
        Enum.TryParse(name.Replace("_", "", StringComparison.Ordinal), ignoreCase: true, out member);
}
