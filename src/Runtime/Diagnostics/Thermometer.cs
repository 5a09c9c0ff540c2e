using System.Globalization;
using EdgePerception.Sensors.Time;

namespace EdgePerception.Runtime.Diagnostics;

/// <summary>
/// The temperature of the machine's hottest part, looked up once a second on a timer, so that whoever asks for it reads
/// a field and waits for no driver. Thread-safe.
/// </summary>
/// <param name="clock">The clock of the service.</param>
/// <param name="folder">Where the kernel has its thermal zones.</param>
public sealed class Thermometer(SensorClock clock, string folder = "/sys/class/thermal") : IDisposable
{
    // Zones of parts that are switched off, or that nobody wired, read far outside of this.
    private const double LowestC = -40;
    private const double HighestC = 150;

    private static readonly TimeSpan Period = TimeSpan.FromSeconds(1);

    private readonly Lock _looking = new();
    private ITimer? _timer;
    private double _celsius = double.NaN;

    /// <summary>Degrees Celsius of the hottest plausible zone; not a number where there is none.</summary>
    public double Celsius => Volatile.Read(ref _celsius);

    /// <summary>Begins to look.</summary>
    public void Start() => _timer = clock.Provider.CreateTimer(_ => Look(), null, TimeSpan.Zero, Period);

    /// <summary>Looks no more.</summary>
    public void Dispose() => _timer?.Dispose();

    private void Look()
    {
        // A driver that hangs keeps one look, and not one thread of the pool a second.
        if (!_looking.TryEnter()) return;
        try
        {
            Volatile.Write(ref _celsius, Hottest());
        }
        finally
        {
            _looking.Exit();
        }
    }

    private double Hottest()
    {
        var hottest = double.NaN;
        foreach (var zone in Zones())
        {
            var celsius = Read(Path.Combine(zone, "temp"));
            if (celsius is > LowestC and < HighestC && !(celsius <= hottest)) hottest = celsius;
        }

        return hottest;
    }

    private string[] Zones()
    {
        try
        {
            return Directory.GetDirectories(folder, "thermal_zone*");
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return [];
        }
    }

    private static double Read(string file)
    {
        try
        {
            var text = File.ReadAllText(file);
            return int.TryParse(text, NumberStyles.AllowLeadingSign | NumberStyles.AllowTrailingWhite,
                CultureInfo.InvariantCulture, out var thousandths) ? thousandths / 1_000.0 : double.NaN;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            // Some drivers answer with an error while their part is switched off.
            return double.NaN;
        }
    }
}
