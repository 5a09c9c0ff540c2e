namespace EdgePerception.Runtime.Messaging.Transports.Mqtt;

/// <summary>
/// Waits that double from the least to the most. Each device's are stretched by a share of its own, up to a quarter,
/// taken from its name: a fleet whose broker restarts must not come back in one instant, and a rerun must not differ.
/// </summary>
internal sealed class ReconnectDelay(MqttSettings options)
{
    private readonly double _stretch = 1 + Share(options.EffectiveDevice) / 4;
    private double _nextMs = options.ReconnectMinMs;

    public TimeSpan Next()
    {
        var delay = TimeSpan.FromMilliseconds(_nextMs * _stretch);
        _nextMs = Math.Min(_nextMs * 2, options.ReconnectMaxMs);
        return delay;
    }

    public void Reset() => _nextMs = options.ReconnectMinMs;

    private static double Share(string name)
    {
        // FNV-1a, because string.GetHashCode differs from run to run.
        var hash = 2166136261u;
        foreach (var character in name) hash = unchecked((hash ^ character) * 16777619u);
        return hash / (double)uint.MaxValue;
    }
}
