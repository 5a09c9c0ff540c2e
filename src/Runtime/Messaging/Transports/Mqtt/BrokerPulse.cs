namespace EdgePerception.Runtime.Messaging.Transports.Mqtt;

/// <summary>
/// Tells a broker that lives from one that hangs: it is asked once in each keep-alive time, whatever else is sent
/// meanwhile, and must have said anything at all before the next one is due. So a frozen one is noticed after at most
/// twice that time, under a stream as well. One thread's.
/// </summary>
internal sealed class BrokerPulse(TimeSpan keepAlive, TimeSpan now)
{
    private TimeSpan _due = now + keepAlive;
    private TimeSpan? _asked;

    /// <summary>Whether the broker is to be asked now.</summary>
    /// <param name="now">The monotonic instant.</param>
    /// <param name="heard">When it said anything last.</param>
    /// <param name="unacknowledged">When the oldest event was sent that waits for an acknowledgement, if any.</param>
    /// <exception cref="TimeoutException">
    /// It has not answered the last time; or it has, and not to what was sent before: brokers drop acknowledgements
    /// that they have no room for (mosquitto 2.0), and would be waited for without end. The message is for people.
    /// </exception>
    public bool IsDue(TimeSpan now, TimeSpan heard, TimeSpan? unacknowledged)
    {
        if (now < _due) return false;
        if (_asked is { } asked && heard < asked)
            throw new TimeoutException(
                $"the broker has not answered for {keepAlive.TotalSeconds:0} s; it or the network hangs");
        if (unacknowledged < _asked)
            throw new TimeoutException(
                "the broker answers, and has left a message without acknowledgement for "
                + $"{keepAlive.TotalSeconds:0} s; it is overloaded");
        (_asked, _due) = (now, now + keepAlive);
        return true;
    }

    /// <summary>How long until <see cref="IsDue"/> is worth asking.</summary>
    public TimeSpan UntilDue(TimeSpan now) => _due > now ? _due - now : TimeSpan.Zero;
}
