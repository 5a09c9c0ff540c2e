using EdgePerception.Fusion.Inference;
using EdgePerception.Fusion.Vision;
using EdgePerception.Sensors.Frames;
using EdgePerception.Tests.Support;

namespace EdgePerception.Fusion.Tests.Vision.Decoders;

/// <summary>The whole path from images to detections, against an independent reference in numpy.</summary>
public sealed class ReferenceTests : IDisposable
{
    private readonly FramePool _pool = new(8);

    public static TheoryData<string> Models => [.. ReferenceModels.Names];

    public static TheoryData<string, ImageFit> ModelsAndFits
    {
        get
        {
            var data = new TheoryData<string, ImageFit>();
            foreach (var name in ReferenceModels.Names)
            {
                foreach (var fit in Enum.GetValues<ImageFit>()) data.Add(name, fit);
            }

            return data;
        }
    }

    public void Dispose() => _pool.Dispose();

    [Theory]
    [MemberData(nameof(ModelsAndFits))]
    public void Each_picture_is_decoded_as_the_reference_does(string name, ImageFit fit)
    {
        using var model = ReferenceModels.Load(name, fit);
        var detector = ReferenceModels.Detector(model);
        var found = 0;
        foreach (var image in ReferenceModels.Images(name, fit))
        {
            using var frame = ReferenceModels.Rent(_pool, image);
            AssertSame(image, detector.Detect(frame), LabelsOf(model));
            found += image.Detections.Count;
        }

        Assert.InRange(found, 5, 100);
    }

    [Theory]
    [MemberData(nameof(ModelsAndFits))]
    public void Pictures_of_different_scenes_and_sizes_keep_apart_in_one_run(string name, ImageFit fit)
    {
        using var model = ReferenceModels.Load(name, fit);
        var detector = ReferenceModels.Detector(model);
        var images = ReferenceModels.Images(name, fit);
        for (var start = 0; start < images.Count; start++)
        {
            // Three scenes of each size in the file: a step of five mixes them.
            ExpectedImage[] batch = [
                .. Enumerable.Range(0, detector.MaxBatch).Select(i => images[(start + 5 * i) % images.Count])];
            Frame[] frames = [.. batch.Select(image => ReferenceModels.Rent(_pool, image))];
            List<Detection>[] detections = [.. batch.Select(_ => new List<Detection>())];
            detector.Detect(frames, detections);
            for (var i = 0; i < batch.Length; i++)
            {
                AssertSame(batch[i], detections[i], LabelsOf(model));
                AssertSameMasks(detector.Masks, i, batch[i], detections[i]);
                frames[i].Dispose();
            }
        }
    }

    [Theory]
    [MemberData(nameof(Models))]
    public void Decoding_allocates_nothing(string name)
    {
        using var model = ReferenceModels.Load(name);
        var detector = ReferenceModels.Detector(model);
        Frame[] frames = [
            .. ReferenceModels.Images(name).Take(detector.MaxBatch)
                .Select(image => ReferenceModels.Rent(_pool, image))];
        List<Detection>[] detections = [.. frames.Select(_ => new List<Detection>(64))];
        var mask = new byte[384 * 128];
        Detect();
        Assert.Equal(0, Allocations.Least(() =>
        {
            for (var i = 0; i < 200; i++) Detect();
        }));
        foreach (var frame in frames) frame.Dispose();

        void Detect()
        {
            detector.Detect(frames, detections);
            if (detector.Masks is null) return;
            for (var i = 0; i < frames.Length; i++)
            {
                foreach (var detection in detections[i]) detector.Masks.Write(i, detection, mask);
            }
        }
    }

    [Fact]
    public void Only_models_with_prototypes_have_masks_and_only_text_conditioned_ones_prompts()
    {
        foreach (var name in ReferenceModels.Names)
        {
            using var model = ReferenceModels.Load(name);
            var detector = new ObjectDetector(model);
            Assert.Equal(name.EndsWith("_seg", StringComparison.Ordinal), detector.Masks is not null);
            Assert.Equal(name == "owlvit", detector.Prompts is not null);
        }
    }

    private static IReadOnlyList<string> LabelsOf(OnnxModel model) =>
        model.Manifest.Labels.Count > 0 ? model.Manifest.Labels : ReferenceModels.Prompts;

    private static void AssertSame(ExpectedImage image, List<Detection> detections, IReadOnlyList<string> labels)
    {
        Assert.Equal(
            image.Detections.Select(expected => labels[expected.Label]), detections.Select(actual => actual.Label));
        foreach (var (expected, actual) in image.Detections.Zip(detections))
        {
            Assert.Equal(expected.Score, actual.Score, 1e-5f);
            Assert.Equal(expected.Box[0], actual.Box.X, 1e-3f);
            Assert.Equal(expected.Box[1], actual.Box.Y, 1e-3f);
            Assert.Equal(expected.Box[2], actual.Box.Width, 1e-3f);
            Assert.Equal(expected.Box[3], actual.Box.Height, 1e-3f);
        }
    }

    private static void AssertSameMasks(
        InstanceMasks? masks, int index, ExpectedImage image, List<Detection> detections)
    {
        foreach (var (expected, actual) in image.Detections.Zip(detections))
        {
            if (expected.Mask is null) continue;
            var area = PixelArea.Of(actual.Box);
            Assert.Equal(expected.Mask.Values.Length, area.Width * area.Height);
            var values = new byte[expected.Mask.Values.Length];
            masks!.Write(index, actual, values);
            if (values.Length == 0) continue;
            Assert.Equal(expected.Mask.Area, (int[])[area.X, area.Y, area.Width, area.Height]);
            Assert.All(
                values.Zip(expected.Mask.Values), pair => Assert.InRange(pair.First, pair.Second - 1, pair.Second + 1));
        }
    }
}
