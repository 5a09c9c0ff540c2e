using EdgePerception.Runtime.Diagnostics;
using EdgePerception.Sensors.Time;
using EdgePerception.Tests.Support;

namespace EdgePerception.Runtime.Tests.Diagnostics;

public sealed class ThermometerTests : IDisposable
{
    private readonly FakeTimeProvider _time = new();
    private readonly TemporaryFolder _folder = new();

    [Fact]
    public void The_hottest_plausible_zone_counts_and_is_looked_up_once_a_second()
    {
        using var thermometer = Start();
        Assert.Equal(double.NaN, thermometer.Celsius);
        Zone(0, "45500\n");
        Zone(1, "71250\n");
        Zone(2, "-256000\n");
        Zone(3, "250000\n");
        Zone(4, "hot\n");
        Zone(5, "");
        Directory.CreateDirectory(Path.Combine(_folder.Path, "thermal_zone6"));
        Assert.Equal(double.NaN, thermometer.Celsius);
        _time.Advance(TimeSpan.FromSeconds(1));
        Assert.Equal(71.25, thermometer.Celsius);
        Zone(1, "-5000\n");
        _time.Advance(TimeSpan.FromSeconds(1));
        Assert.Equal(45.5, thermometer.Celsius);
    }

    [Fact]
    public void Without_zones_there_is_no_temperature()
    {
        using var thermometer = new Thermometer(new SensorClock(_time), Path.Combine(_folder.Path, "none"));
        thermometer.Start();
        _time.Advance(TimeSpan.FromSeconds(1));
        Assert.Equal(double.NaN, thermometer.Celsius);
    }

    public void Dispose() => _folder.Dispose();

    private Thermometer Start()
    {
        var thermometer = new Thermometer(new SensorClock(_time), _folder.Path);
        thermometer.Start();
        return thermometer;
    }

    private void Zone(int number, string text) =>
        File.WriteAllText(
            Path.Combine(
                Directory.CreateDirectory(Path.Combine(_folder.Path, $"thermal_zone{number}")).FullName, "temp"),
            text);
}
