namespace EdgePerception.Sensors.Diagnostics;

/// <summary>A key that settings no longer have, and where what it said belongs now.</summary>
/// <param name="key">The key as files have it.</param>
/// <param name="place">Where it has moved, to be read after "has moved: ".</param>
[AttributeUsage(AttributeTargets.Class, AllowMultiple = true, Inherited = false)]
public sealed class MovedKeyAttribute(string key, string place) : Attribute
{
    /// <summary>The key as files have it.</summary>
    public string Key => key;

    /// <summary>Where it has moved.</summary>
    public string Place => place;
}
