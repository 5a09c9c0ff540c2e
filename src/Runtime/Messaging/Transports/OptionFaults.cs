using System.ComponentModel.DataAnnotations;
using EdgePerception.Fusion.Inference;

namespace EdgePerception.Runtime.Messaging.Transports;

/// <summary>One thing wrong with a section of the configuration.</summary>
/// <param name="Key">The key within its section (<c>port</c>).</param>
/// <param name="Reason">What is wrong and what would be right, to be read after the key.</param>
public readonly record struct OptionFault(string Key, string Reason);

/// <summary>A section of the configuration that knows what is wrong with it.</summary>
public interface IOptionSection : IValidatableObject
{
    /// <summary>All that is wrong with the options, as key and reason; empty when they can be used.</summary>
    IReadOnlyList<OptionFault> Faults();

    /// <inheritdoc/>
    IEnumerable<ValidationResult> IValidatableObject.Validate(ValidationContext validationContext) =>
        Faults().Select(fault => new ValidationResult(fault.Reason, [fault.Key]));
}

/// <summary>Gathers all that is wrong with a set of options.</summary>
internal sealed class OptionFaults
{
    /// <summary>How large certificates, keys and files of passwords may be.</summary>
    public const long MaxFileBytes = 1 << 20;

    private readonly List<OptionFault> _all = [];

    public IReadOnlyList<OptionFault> All => _all;

    public void Check(bool holds, string key, string reason)
    {
        if (!holds) _all.Add(new OptionFault(key, reason));
    }

    public void Range(string key, int value, int least, int most) =>
        Check(value >= least && value <= most, key, $"{value} is out of range: {least} to {most}");

    // Without its name: where a password was written in place of the file that holds it, that is the password.
    public void File(string key, string path)
    {
        if (path.Length == 0) return;
        try
        {
            RegularFile.Open(path, MaxFileBytes).Dispose();
        }
        catch (IOException e)
        {
            _all.Add(new OptionFault(key, $"names a file that cannot be read: {e.Message}"));
        }
    }

    /// <summary>Throws one line that holds all faults of a section, if there are any.</summary>
    public static void ThrowIfAny(string section, IReadOnlyList<OptionFault> faults)
    {
        if (faults.Count == 0) return;
        throw new MessagingException(string.Join("; ", faults.Select(fault => $"{section}.{fault.Key} {fault.Reason}")));
    }
}
