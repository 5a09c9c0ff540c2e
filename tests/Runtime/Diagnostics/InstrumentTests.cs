using System.Diagnostics.Metrics;
using System.Reflection;
using System.Runtime.CompilerServices;
using System.Text.RegularExpressions;
using EdgePerception.Runtime.Pipeline;
using EdgePerception.Runtime.Tests.Architecture;
using EdgePerception.Sensors.Diagnostics;
using EdgePerception.Sensors.Time;

namespace EdgePerception.Runtime.Tests.Diagnostics;

/// <summary>Every instrument that the code makes, whether or not this run would have used it.</summary>
public sealed partial class InstrumentTests : IDisposable
{
    private static readonly string[] Layers = ["Sensors", "Fusion", "Policy", "Runtime"];
    private readonly MeterListener _listener = new();
    private readonly List<Instrument> _instruments = [];

    public InstrumentTests()
    {
        _listener.InstrumentPublished = (instrument, _) =>
        {
            // Counters of tests are theirs.
            if (instrument.Meter.Name == PerceptionMeter.Name
                && !instrument.Name.Contains(".test.", StringComparison.Ordinal)) _instruments.Add(instrument);
        };
        foreach (var type in Layers.SelectMany(layer => Assembly.Load($"EdgePerception.{layer}").GetTypes())
            .Where(HoldsInstruments))
            RuntimeHelpers.RunClassConstructor(type.TypeHandle);
        _ = new StageTimer(SensorClock.System, PerceptionMeter.Instance);
        _listener.Start();
    }

    [Fact]
    public void Each_has_the_one_prefix_a_unit_and_a_description()
    {
        Assert.InRange(_instruments.Count, 25, 100);
        Assert.All(_instruments, instrument =>
        {
            Assert.Matches(Name(), instrument.Name);
            Assert.Matches(@"^(1|s|By|\{[a-z]+\})$", instrument.Unit);
            Assert.False(string.IsNullOrWhiteSpace(instrument.Description), instrument.Name);
        });
    }

    [Fact]
    public void No_two_share_a_name_and_none_is_the_family_of_others()
    {
        string[] names = [.. _instruments.Select(instrument => instrument.Name).Order(StringComparer.Ordinal)];
        Assert.Equal(names.Distinct(), names);
        Assert.DoesNotContain(
            names, name => names.Any(other => other.StartsWith(name + ".", StringComparison.Ordinal)));
    }

    [Fact]
    public void There_is_one_meter_and_every_counter_is_one_that_the_stats_topic_reads()
    {
        foreach (var (path, lines) in Layers.SelectMany(Repository.Sources))
        {
            if (Path.GetFileName(path) is "PerceptionMeter.cs" or "TotalCounter.cs") continue;
            Assert.DoesNotContain(lines, line => Foreign().IsMatch(line));
        }
    }

    public void Dispose() => _listener.Dispose();

    private static bool HoldsInstruments(Type type) => !type.ContainsGenericParameters && type
        .GetFields(BindingFlags.Static | BindingFlags.NonPublic | BindingFlags.Public | BindingFlags.DeclaredOnly)
        .Any(field => field.FieldType == typeof(TotalCounter) || field.FieldType.IsAssignableTo(typeof(Instrument)));

    [GeneratedRegex(@"^edge_perception(\.[a-z]+(_[a-z]+)*)+$")]
    private static partial Regex Name();

    [GeneratedRegex(@"new Meter\(|Meter Meter|\.Create(Observable)?(UpDown)?Counter\b")]
    private static partial Regex Foreign();
}
