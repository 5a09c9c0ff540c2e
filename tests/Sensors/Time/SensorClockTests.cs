using EdgePerception.Sensors.Time;
using EdgePerception.Tests.Support;

namespace EdgePerception.Sensors.Tests.Time;

public sealed class SensorClockTests
{
    [Fact]
    public void A_capture_time_gets_the_wall_clock_of_its_instant()
    {
        var time = new FakeTimeProvider();
        var clock = new SensorClock(time);
        var then = clock.Now;
        time.Advance(TimeSpan.FromSeconds(3));
        Assert.Equal(then, clock.At(then.Monotonic));
    }

    [Fact]
    public void Setting_the_wall_clock_leaves_monotonic_time_alone()
    {
        var time = new SetWallClock();
        var clock = new SensorClock(time);
        var then = clock.Now;
        time.JumpUtc(TimeSpan.FromHours(-5));
        Assert.Equal((then.Monotonic, then.Utc - TimeSpan.FromHours(5)), (clock.Now.Monotonic, clock.Now.Utc));
    }

    [Fact]
    public void The_clock_of_this_machine_is_the_kernels_monotonic_clock()
    {
        // /proc/uptime counts from boot as CLOCK_BOOTTIME does: the same unless the machine slept, never less.
        var uptime = double.Parse(
            File.ReadAllText("/proc/uptime").Split(' ')[0], System.Globalization.CultureInfo.InvariantCulture);
        Assert.InRange(SensorClock.System.Monotonic.TotalSeconds, 0.001, uptime + 60);
    }
}
