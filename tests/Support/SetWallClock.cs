namespace EdgePerception.Tests.Support;

/// <summary>A clock whose wall time an administrator sets, while monotonic time goes on undisturbed.</summary>
internal sealed class SetWallClock : FakeTimeProvider
{
    private TimeSpan _offset;

    public override DateTimeOffset GetUtcNow() => base.GetUtcNow() + _offset;

    public override long GetTimestamp() => base.GetUtcNow().Ticks;

    /// <summary>Sets the wall clock.</summary>
    public void JumpUtc(TimeSpan by) => _offset += by;
}
