using EdgePerception.Runtime.Configuration;
using EdgePerception.Sensors.Diagnostics;

namespace EdgePerception.Runtime.CommandLine;

/// <summary>
/// Says where others on this machine can read the secrets of a configuration; nothing is refused for that.
/// </summary>
internal static class ExposedSecrets
{
    /// <summary>A line on standard error for each place.</summary>
    public static void Warn(string file, IReadOnlyList<string>? overrides, ServiceSettings configuration)
    {
        foreach (var place in Find(file, overrides ?? [], configuration))
            Terminal.Error.WriteLine($"edge-perception: warning: {place}");
    }

    /// <summary>What stands where, and what to do; empty when all is well.</summary>
    internal static IEnumerable<string> Find(
        string file, IReadOnlyList<string> overrides, ServiceSettings configuration)
    {
        if (overrides.Any(each => HoldsSecret(each[(each.IndexOf('=', StringComparison.Ordinal) + 1)..])))
            yield return $"--set: everybody on this machine can read an address with a password there; write it into "
                + $"{file}";
        var mqtt = configuration.Mqtt;
        var holdsPassword = mqtt?.Password.Length > 0
            || configuration.Cameras.Any(camera => new Redaction(camera.Url, camera.Pipeline).KnowsSecrets);
        if (holdsPassword && IsOpen(file))
            yield return $"{file}: holds a password, and everybody on this machine can read it: chmod o-r {file}";
        (string Key, string? Path)[] files =
        [
            ("passwordFile", mqtt?.PasswordFile), ("tlsKeyFile", mqtt?.TlsKeyFile),
            ("brokerKeyFile", mqtt?.BrokerKeyFile),
        ];
        if (configuration.Zeromq?.Curve?.SecretKeyFile is { } secret && IsOpen(secret))
            yield return $"zeromq.curve.secretKeyFile: everybody on this machine can read {secret}: chmod o-r {secret}";
        foreach (var (key, path) in files.Where(named => IsOpen(named.Path)))
            yield return $"mqtt.{key}: everybody on this machine can read {path}: chmod o-r {path}";
    }

    private static bool HoldsSecret(string text) => new Redaction(text).KnowsSecrets;

    private static bool IsOpen(string? path) =>
        !OperatingSystem.IsWindows() && File.Exists(path) && File.GetUnixFileMode(path).HasFlag(UnixFileMode.OtherRead);
}
