namespace EdgePerception.Tests.Support;

/// <summary>A clock that throws when asked, as long as a test wants it: whatever reads the time fails there.</summary>
public sealed class FaultyTime : TimeProvider
{
    private volatile bool _throws;

    public bool Throws
    {
        get => _throws;
        set => _throws = value;
    }

    public override long GetTimestamp() =>
        _throws ? throw new InvalidOperationException("the clock is broken") : base.GetTimestamp();
}
