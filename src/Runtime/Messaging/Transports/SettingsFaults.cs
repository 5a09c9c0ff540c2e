using System.ComponentModel.DataAnnotations;
using System.Globalization;
using System.Reflection;
using System.Text.Json;

namespace EdgePerception.Runtime.Messaging.Transports;

/// <summary>One thing wrong with a section of the configuration.</summary>
/// <param name="Key">The key within its section (<c>port</c>).</param>
/// <param name="Reason">What is wrong and what would be right, to be read after the key.</param>
public readonly record struct SettingsFault(string Key, string Reason);

/// <summary>
/// Looks at settings that no configuration file has looked at, since a program or the command line made them, by the
/// same attributes and rules.
/// </summary>
public static class SettingsFaults
{
    /// <summary>All that is wrong with the settings and those within them; empty when they can be used.</summary>
    public static IReadOnlyList<SettingsFault> Faults(this IValidatableObject settings)
    {
        ArgumentNullException.ThrowIfNull(settings);
        return [.. Of(settings)];
    }

    /// <summary>Throws one line that holds all faults of a section, if there are any.</summary>
    /// <exception cref="MessagingException">The settings cannot work.</exception>
    public static void ThrowIfAny(string section, IValidatableObject settings)
    {
        var faults = settings.Faults();
        if (faults.Count == 0) return;
        throw new MessagingException(
            string.Join("; ", faults.Select(fault => $"{section}.{fault.Key} {fault.Reason}")));
    }

    private static IEnumerable<SettingsFault> Of(IValidatableObject settings)
    {
        foreach (var property in settings.GetType().GetProperties(BindingFlags.Instance | BindingFlags.Public))
        {
            var key = KeyOf(property.Name);
            if (property.GetCustomAttribute<RangeAttribute>() is { } range
                && property.GetValue(settings) is var value && !range.IsValid(value))
            {
                yield return new SettingsFault(key, string.Create(
                    CultureInfo.InvariantCulture, $"{value} is out of range: {range.Minimum} to {range.Maximum}"));
            }

            if (!property.PropertyType.IsAssignableTo(typeof(IValidatableObject))) continue;
            if (property.GetValue(settings) is not IValidatableObject section) continue;
            foreach (var fault in Of(section)) yield return fault with { Key = $"{key}.{fault.Key}" };
        }

        foreach (var result in settings.Validate(new ValidationContext(settings)))
            yield return new SettingsFault(KeyOf(result.MemberNames.First()), result.ErrorMessage!);
    }

    private static string KeyOf(string name) => JsonNamingPolicy.CamelCase.ConvertName(name);
}
