using System.ComponentModel.DataAnnotations;
using System.Net;

namespace EdgePerception.Runtime.Http;

/// <summary>The HTTP server. Section <c>http</c> of the configuration.</summary>
public sealed record HttpSettings : IValidatableObject
{
    private const string Scheme = "http://";

    /// <summary>
    /// Where metrics and probes are served: <c>http://127.0.0.1:PORT</c>, <c>http://[::1]:PORT</c> or, for the whole
    /// network, <c>http://0.0.0.0:PORT</c>; nowhere when empty.
    /// </summary>
    public string Address { get; init; } = "";

    /// <summary>Whether there is a server.</summary>
    internal bool IsOn => Address.Length > 0;

    /// <summary>The address to listen at; port 0 lets the system choose one.</summary>
    internal IPEndPoint EndPoint => Parse(Address)!;

    /// <summary>
    /// What there is to say of an address that others than this machine can reach; null when they cannot.
    /// </summary>
    internal string? Warning => IsOn && !IPAddress.IsLoopback(EndPoint.Address)
        ? $"http.address {Address} is open to the network: whoever reaches it reads metrics and state, "
            + "unencrypted and unasked"
        : null;

    /// <inheritdoc/>
    public IEnumerable<ValidationResult> Validate(ValidationContext validationContext)
    {
        if (!IsOn || Parse(Address) is not null) yield break;
        yield return new ValidationResult(
            $"'{Address}' is not an address to listen at: "
            + $"{Scheme}127.0.0.1:PORT, {Scheme}[::1]:PORT or, for the whole network, {Scheme}0.0.0.0:PORT",
            [nameof(Address)]);
    }

    // Kestrel would listen to the whole network for a name that it does not know; so numbers alone are addresses.
    private static IPEndPoint? Parse(string address)
    {
        if (!address.StartsWith(Scheme, StringComparison.OrdinalIgnoreCase)) return null;
        var rest = address[Scheme.Length..].TrimEnd('/');
        if (rest.StartsWith("localhost:", StringComparison.OrdinalIgnoreCase))
            rest = "127.0.0.1" + rest["localhost".Length..];
        return IPEndPoint.TryParse(rest, out var parsed) && rest.EndsWith($":{parsed.Port}", StringComparison.Ordinal)
            ? parsed : null;
    }
}
