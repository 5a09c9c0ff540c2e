using System.Globalization;
using EdgePerception.Fusion.Attention;
using EdgePerception.Fusion.Embeddings;
using EdgePerception.Fusion.Inference;
using EdgePerception.Fusion.Scenes;
using EdgePerception.Policy.Grounding;
using EdgePerception.Policy.Language;
using EdgePerception.Runtime.Models;
using EdgePerception.Runtime.Yaml;

namespace EdgePerception.Benchmarks;

/// <summary>
/// What a command costs from its text to the answer, on one thread: one of 16 words beside the two models that it asks,
/// and the slowest of ten thousand random ones; and the memory that the sentence encoder holds.
/// </summary>
internal static class CommandBenchmark
{
    private const int Rounds = 20, Commands = 20, Random = 10_000, LongestInWords = 100;

    public static Task MeasureAsync(Workbench bench)
    {
        var models = Path.Combine(bench.Root, "models");
        ModelManifest Manifest(string name) =>
            YamlBinder.Read<ModelManifest>(Path.Combine(bench.Root, "configs", "models", name + ".yaml"));

        Megabytes();
        var before = Megabytes();
        using var encoder = SentenceEncoder.Load(Manifest("minilm"), models);
        encoder.Read(BenchedScene.Command);
        bench.Results.Add(
            Result.Of("encoder-resident", "MB", [Megabytes() - before],
                "resident memory with the encoder less without it, after a sentence; goal 120"));

        using var network = new AttentionModel(
            OnnxModel.Load(Manifest("grounding"), models, new InferenceSettings { Threads = 1, MaxBatch = 1 }),
            encoder);
        using var grounder =
            new GrounderLoader(bench.Configuration.Grounding, models, new InferenceSettings { Threads = 1 }).Load();
        var scene = BenchedScene.Create();
        Plain(bench, grounder, network, encoder, scene);
        Worst(bench, grounder, scene);
        return Task.CompletedTask;
    }

    private static void Plain(
        Workbench bench, Grounder grounder, AttentionModel network, SentenceEncoder encoder, Scene scene)
    {
        const string Name = "command-over-its-models";
        // The encoder remembers what it read last: each command is another one, in words that are no filler.
        var number = 0;
        string Next() => $"{BenchedScene.Command} {++number}";
        void Ground()
        {
            var answer = grounder.Ground("c", Wordings[number++ % Wordings.Length], scene);
            if (answer.Outcome != GroundingOutcome.Act)
                throw new InvalidOperationException($"{Name}: {answer.Outcome}, {answer.Reason}");
        }

        void Models()
        {
            network.Read(scene, BenchedScene.Command);
            encoder.Read(Next());
        }

        bench.Say($"{Name}: warming up");
        for (var i = 0; i < 200; i++) Ground();
        for (var i = 0; i < 50; i++) Models();
        List<double> ours = [], bare = [];
        for (var round = 0; round < Rounds; round++)
        {
            bench.Progress($"{Name}: round {round + 1} of {Rounds}");
            ours.Add(Timing.MedianMs(Commands, Ground));
            bare.Add(Timing.MedianMs(Commands, Models));
        }

        bench.Results.Add(Result.Of(Name, "ms", ours, bare,
            $"16 words from text to answer, {BenchedScene.Objects} objects, {BenchedScene.Sounds} sounds, 1 thread; "
            + "baseline: one run each of the network "
            + $"and the encoder; {Rounds} rounds in turn, of each the median of {Commands}; goal 8 ms"));
    }

    private static void Worst(Workbench bench, Grounder grounder, Scene scene)
    {
        const string Name = "random-command-p99";
        var random = new Random(5);
        string[] words = [
            .. SentenceSamples.Draw(seed: 5).Take(2000).SelectMany(sentence => sentence.Text.Split(' ')).Distinct()
                .Order(StringComparer.Ordinal), .. Noise(random)];
        var times = new double[Random];
        for (var i = 0; i < times.Length; i++)
        {
            bench.Progress($"{Name}: {i} of {Random}");
            var text = string.Join(
                ' ', Enumerable.Range(0, random.Next(1, LongestInWords + 1))
                    .Select(_ => words[random.Next(words.Length)]));
            times[i] = Timing.Ms(() => grounder.Ground("c", text, scene));
        }

        Array.Sort(times);
        bench.Results.Add(Result.Of(Name, "ms", [times[Random * 99 / 100]],
            string.Create(
                CultureInfo.InvariantCulture,
                $"{Random} sentences of 1 to {LongestInWords} random words, p50 {times[Random / 2]:0.0} ms, the "
                + $"slowest {times[^1]:0} ms; goal 50 ms")));
    }

    private static readonly string[] Wordings =
    [
        .. from bring in (string[])["bring", "fetch", "get", "give"]
           from away in (string[])["stay away from", "keep away from", "keep clear of"]
           select BenchedScene.Command.Replace("bring", bring, StringComparison.Ordinal)
               .Replace("stay away from", away, StringComparison.Ordinal),
    ];

    private static IEnumerable<string> Noise(Random random) =>
        Enumerable.Range(0, 500)
            .Select(_ =>
                new string([.. Enumerable.Range(0, random.Next(1, 12)).Select(_ => (char)random.Next('a', 'z' + 1))]));

    private static double Megabytes()
    {
        GC.Collect(2, GCCollectionMode.Aggressive, blocking: true, compacting: true);
        using var self = System.Diagnostics.Process.GetCurrentProcess();
        return self.WorkingSet64 / 1e6;
    }
}
