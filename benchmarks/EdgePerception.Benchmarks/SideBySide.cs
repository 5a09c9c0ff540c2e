namespace EdgePerception.Benchmarks;

/// <summary>Our rounds and a baseline's in turn, both warm, so that a machine that slows down slows both.</summary>
internal static class SideBySide
{
    /// <summary>
    /// Adds a result, or says in one line why there is none: the baseline cannot be had, or does not do the same job.
    /// </summary>
    /// <param name="bench">Where the result goes.</param>
    /// <param name="name">The result's name.</param>
    /// <param name="rounds">How many rounds of each.</param>
    /// <param name="start">Starts the baseline.</param>
    /// <param name="agree">Says how both results of the first picture compare; throws when they should not be compared.</param>
    /// <param name="ours">One pass of ours over the pictures, milliseconds a picture.</param>
    /// <param name="note">What is measured.</param>
    public static async Task MeasureAsync(
        Workbench bench, string name, int rounds, Func<Task<ExternalProgram>> start, Func<ExternalProgram, Task<string>> agree, Func<double> ours,
        string note)
    {
        try
        {
            bench.Say($"{name}: warming up");
            await using var baseline = await start();
            ours();
            var agreement = await agree(baseline);
            List<double> own = [], other = [];
            for (var round = 1; round <= rounds; round++)
            {
                bench.Progress($"{name}: round {round} of {rounds}");
                own.Add(ours());
                other.Add(await baseline.RoundAsync());
            }

            bench.Results.Add(Result.Of(name, "ms", own, other, $"{note}; baseline: {baseline.Description}; {agreement}; {rounds} rounds in turn"));
        }
        catch (BaselineException e)
        {
            bench.Say($"{name}: left out, {e.Message}");
        }
    }

    /// <summary>The largest difference of two tensors.</summary>
    /// <exception cref="BaselineException">Their lengths differ, or one holds NaN.</exception>
    public static float LargestDifference(ReadOnlySpan<float> ours, ReadOnlySpan<float> theirs)
    {
        if (ours.Length != theirs.Length) throw new BaselineException($"its tensor has {theirs.Length} elements, ours has {ours.Length}");
        var largest = 0f;
        for (var i = 0; i < ours.Length; i++) largest = MathF.Max(largest, MathF.Abs(ours[i] - theirs[i]));
        return float.IsNaN(largest) ? throw new BaselineException("its tensor or ours holds NaN") : largest;
    }
}
