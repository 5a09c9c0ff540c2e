using System.Diagnostics.Metrics;

namespace EdgePerception.Benchmarks;

/// <summary>Milliseconds that each stage of the loop took, by its own histogram.</summary>
internal sealed class StageTimes : IDisposable
{
    private readonly MeterListener _listener = new();
    private readonly Dictionary<string, List<double>> _stages = [];

    public StageTimes()
    {
        _listener.InstrumentPublished = (instrument, listener) =>
        {
            if (instrument.Name == "edge_perception.stage.duration") listener.EnableMeasurementEvents(instrument);
        };
        _listener.SetMeasurementEventCallback<double>((_, seconds, tags, _) =>
        {
            var stage = (string)tags[0].Value!;
            if (!_stages.TryGetValue(stage, out var times)) _stages[stage] = times = [];
            times.Add(1000 * seconds);
        });
        _listener.Start();
    }

    /// <summary>A result for each stage, in the order in which they first ran.</summary>
    public IEnumerable<Result> Results() => _stages.Select(stage => Result.Of(
        $"stage-{stage.Key}", "ms", stage.Value,
        "one stage of the loop in the same rounds" + (stage.Key == "encode" ? ": letterbox, model, decoding" : "")));

    public void Dispose() => _listener.Dispose();
}
