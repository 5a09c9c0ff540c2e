using System.Buffers.Text;
using System.Security.Cryptography;
using EdgePerception.Sensors.Time;
using MQTTnet.Protocol;

namespace EdgePerception.Runtime.Messaging.Transports.Mqtt;

/// <summary>
/// Finds out whether a stop would come through: once a period the device says something on its own halt topic that only
/// this process knows for no halt, by a number drawn at its start. Whoever else hears it halts, a twin under the same
/// name too. It tells when it was sent, so that a link on which stops come late is known as one. The figures are any
/// thread's, the rest belongs to the transport's two.
/// </summary>
public sealed class StopProbe
{
    /// <summary>The longest time between two probes.</summary>
    public static readonly TimeSpan LongestPeriod = TimeSpan.FromSeconds(1);

    /// <summary>How long the broker may keep one, where it knows of expiry.</summary>
    internal static readonly TimeSpan Life = TimeSpan.FromSeconds(3);

    private const int NonceBytes = 16;
    private const int PeriodsOverdue = 2;
    private static readonly TimeSpan None = TimeSpan.MinValue;

    private readonly SensorClock _clock;
    private readonly TimeSpan _period;
    private readonly string _start;
    private readonly byte[] _startBytes;
    private long _newest = None.Ticks;
    private volatile bool _isDenied;
    private volatile bool _isAnswered;
    private volatile string? _refusal;
    private TimeSpan _since;
    private TimeSpan _due;

    /// <summary>A probe that has not been sent yet.</summary>
    /// <param name="clock">The clock.</param>
    /// <param name="period">The time between two; <see cref="LongestPeriod"/> at most.</param>
    public StopProbe(SensorClock clock, TimeSpan period)
    {
        (_clock, _period) = (clock, period < LongestPeriod ? period : LongestPeriod);
        _start = $"{{\"probe\":\"{Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(NonceBytes))}\",\"sent\":";
        _startBytes = System.Text.Encoding.ASCII.GetBytes(_start);
    }

    /// <summary>
    /// How long ago the newest probe was sent that came back; for ever where none has, so that nothing moves before a
    /// stop would arrive. Waits for nothing, and allocates nothing.
    /// </summary>
    public TimeSpan LostFor => Newest == None ? TimeSpan.MaxValue : _clock.Monotonic - Newest;

    /// <summary>Whether those of this connection do not come back, and the next one is to be acknowledged.</summary>
    internal bool IsOverdue => _clock.Monotonic - Later(_since, Newest) > PeriodsOverdue * _period;

    private TimeSpan Newest => new(Volatile.Read(ref _newest));

    /// <summary>A new connection: what was wrong with the one before is forgotten.</summary>
    internal void Begin(TimeSpan now)
    {
        (_since, _due) = (now, now);
        (_isDenied, _isAnswered, _refusal) = (false, false, null);
    }

    /// <summary>How long until the next one is to be sent.</summary>
    internal TimeSpan UntilDue(TimeSpan now) => _due > now ? _due - now : TimeSpan.Zero;

    /// <summary>The next one.</summary>
    internal byte[] Next(TimeSpan now)
    {
        _due = now + _period;
        return System.Text.Encoding.ASCII.GetBytes($"{_start}{now.Ticks}}}");
    }

    /// <summary>Takes one of our own back; false where the message is anybody else's, and so a halt.</summary>
    internal bool TryTakeBack(ReadOnlySpan<byte> payload)
    {
        if (!payload.StartsWith(_startBytes)) return false;
        var rest = payload[_startBytes.Length..];
        if (!Utf8Parser.TryParse(rest, out long sent, out var used) || rest[used..] is not [(byte)'}']) return false;
        if (sent > _clock.Monotonic.Ticks) return false;
        if (sent > Volatile.Read(ref _newest)) Volatile.Write(ref _newest, sent);
        return true;
    }

    /// <summary>The broker denies the subscription.</summary>
    internal void Deny() => _isDenied = true;

    /// <summary>The broker acknowledges one that is overdue.</summary>
    internal void Answer(MqttPubAckReasonCode code)
    {
        _isAnswered = true;
        _refusal = (int)code < 0x80 ? null : MqttFault.Reason(code, (int)code, null);
    }

    /// <summary>What is wrong, and what the device needs; null where they come back.</summary>
    /// <param name="topic">The halt topic.</param>
    /// <param name="isOld">Whether it is version 3.1.1, in which the broker denies without a word.</param>
    internal TransportTrouble? Trouble(string topic, bool isOld)
    {
        var hasComeBack = Newest > _since;
        if (_isDenied && !hasComeBack)
            return Attend($"the broker denies the subscription; {Give("'read'", topic)}");
        if (!IsOverdue) return null;
        if (_refusal is { } refusal)
        {
            return Attend(
                $"the broker refuses our probe of the halt topic ({refusal}), so that nobody knows whether a stop "
                + $"would come; {Give("'write'", topic)}");
        }

        if (!_isAnswered) return new TransportTrouble("the broker does not answer our probe of the halt topic", false);
        var (needs, doubt) = isOld ? ("'readwrite'", ", or takes no probe of ours") : ("'read'", "");
        return Attend(
            "stops do not arrive: the broker grants the subscription to the halt topic and delivers nothing"
            + $"{doubt}; {Give(needs, topic)}");
    }

    private static string Give(string right, string topic) =>
        $"in its access list give this device {right} on '{topic}'";

    private static TransportTrouble Attend(string reason) => new(reason, NeedsAttention: true);

    private static TimeSpan Later(TimeSpan one, TimeSpan other) => one > other ? one : other;
}
