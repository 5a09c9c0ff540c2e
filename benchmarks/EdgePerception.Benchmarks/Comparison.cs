using EdgePerception.Sensors.Time;

namespace EdgePerception.Benchmarks;

/// <summary>
/// Ours beside another program on the same images: both warm, a round of ours and a round of its in turn, so that a
/// machine that slows down slows both. A machine that is busy with other things gets fewer rounds: after a minute none
/// begins.
/// </summary>
internal sealed record Comparison
{
    private const int MinRounds = 3;
    private static readonly TimeSpan Budget = TimeSpan.FromMinutes(1);

    /// <summary>The result's name.</summary>
    public required string Name { get; init; }

    /// <summary>What is measured, and with how many threads of ours.</summary>
    public required string What { get; init; }

    /// <summary>Rounds of each, where the time suffices.</summary>
    public required int Rounds { get; init; }

    /// <summary>How many images of the clip a round takes, from the first.</summary>
    public required int Images { get; init; }

    /// <summary>Ours, for the image with that number.</summary>
    public required Action<int> Ours { get; init; }

    /// <summary>Starts the other program.</summary>
    public required Func<Task<ExternalProgram>> Baseline { get; init; }

    /// <summary>
    /// Says how the two agree on the first image, or throws a <see cref="BaselineException"/>: times of different jobs
    /// are not compared.
    /// </summary>
    public required Func<ExternalProgram, Task<string>> Agreement { get; init; }

    /// <summary>Adds the result, or says in one line why there is none.</summary>
    public async Task MeasureAsync(Workbench bench)
    {
        try
        {
            bench.Say($"{Name}: warming up");
            await using var baseline = await Baseline();
            Round();
            var agreement = await Agreement(baseline);
            List<double> ours = [], theirs = [];
            var end = SensorClock.System.Monotonic + Budget;
            while (ours.Count < Rounds && (ours.Count < MinRounds || SensorClock.System.Monotonic < end))
            {
                bench.Progress($"{Name}: round {ours.Count + 1} of {Rounds}");
                ours.Add(Round());
                theirs.Add(await baseline.RoundAsync(Images));
            }

            bench.Results.Add(Result.Of(Name, "ms", ours, theirs,
                $"a picture of {bench.Clip.Width}x{bench.Clip.Height}, {What}; baseline: {baseline.Description}; "
                + $"{agreement}; "
                + $"{ours.Count} rounds of {Images} pictures in turn"));
        }
        catch (BaselineException e)
        {
            bench.Say($"{Name}: left out, {e.Message}");
        }
    }

    private double Round()
    {
        var start = SensorClock.System.Monotonic;
        for (var image = 0; image < Images; image++) Ours(image);
        return (SensorClock.System.Monotonic - start).TotalMilliseconds / Images;
    }
}
