using System.Globalization;
using System.Runtime.InteropServices;
using EdgePerception.Fusion.Inference;
using EdgePerception.Fusion.Vision.Preprocessing;
using EdgePerception.Sensors.Cameras;

namespace EdgePerception.Benchmarks;

/// <summary>
/// An image made a model's input, beside OpenCV's two usual ways on the same images, one thread each: blobFromImage
/// (squashed to 512×512, RGB planes, 0 to 1), and resize, cvtColor and convertTo (letterboxed into 512×512, RGB
/// interleaved, 0 to 255: what the detector takes). OpenCV rounds to whole pixel values in between, ours does not.
/// </summary>
internal static class PreprocessBenchmark
{
    // A camera's frames come in turn from a pool of so many, each just written.
    private static readonly int Pool = new CameraSettings { Name = "any" }.PoolFrames;
    private const int Size = 512, Rounds = 50;
    private static readonly string Side = Size.ToString(CultureInfo.InvariantCulture);

    public static async Task MeasureAsync(Workbench bench)
    {
        var planar = new ImageManifest { Layout = TensorLayout.Nchw, Fit = ImageFit.Squash, Std = [255, 255, 255] };
        var interleaved = new ImageManifest { Layout = TensorLayout.Nhwc, Fit = ImageFit.Letterbox };
        await BesideOpenCv(bench, "preprocess-over-opencv-blobfromimage", "squashed into 512x512, planar, 0 to 1",
            planar, "blob", 1).MeasureAsync(bench);
        await BesideOpenCv(bench, "preprocess-over-opencv-resize", "letterboxed into 512x512, interleaved, 0 to 255",
            interleaved, "resize", 255).MeasureAsync(bench);
    }

    private static Comparison BesideOpenCv(
        Workbench bench, string name, string what, ImageManifest manifest, string job, float range)
    {
        var tensor = new float[3 * Size * Size];
        var preprocessor = new ImagePreprocessor(Size, Size, TensorType.Float32, manifest);
        return new Comparison
        {
            Name = name,
            What = $"{what}, {Pool} pictures over and over, as a camera's pool has them; ours: 1 thread",
            Rounds = Rounds,
            Images = bench.Clip.Frames.Count,
            Ours = Fill,
            Baseline = () => ExternalProgram.OpenCvAsync(bench, job, bench.WriteFrames(Pool), Side, Side),
            Agreement = AgreeAsync,
        };

        void Fill(int image) => preprocessor.Fill(bench.Clip.Bgr(image % Pool), MemoryMarshal.AsBytes(tensor.AsSpan()));

        async Task<string> AgreeAsync(ExternalProgram baseline)
        {
            var theirs = await baseline.FirstAsync("tensor");
            Fill(0);
            var difference = tensor.Zip(theirs, (a, b) => MathF.Abs(a - b)).Max() / range * 255;
            return theirs.Length == tensor.Length && difference <= 1
                ? string.Create(CultureInfo.InvariantCulture, $"largest difference {difference:0.00}/255")
                : throw new BaselineException(
                    string.Create(
                        CultureInfo.InvariantCulture, $"its tensor differs from ours by up to {difference:0.0}/255"));
        }
    }
}
