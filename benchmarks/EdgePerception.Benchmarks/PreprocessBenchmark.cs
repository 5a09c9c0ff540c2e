using System.Globalization;
using EdgePerception.Fusion.Preprocessing;
using EdgePerception.Sensors.Synchronization;

namespace EdgePerception.Benchmarks;

/// <summary>
/// A picture made a model's input, beside OpenCV's two usual ways on the same BGR pictures, one thread each: blobFromImage
/// (squashed to 512×512, RGB planes, 0 to 1), and resize, cvtColor and convertTo (letterboxed into 512×512, RGB
/// interleaved, 0 to 255: what the detector takes). OpenCV rounds to whole pixel values in between, ours does not.
/// </summary>
internal static class PreprocessBenchmark
{
    private const int Size = 512, Rounds = 50;
    private static readonly string Side = Size.ToString(CultureInfo.InvariantCulture);

    public static async Task MeasureAsync(Workbench bench)
    {
        await BesideAsync("preprocess-over-opencv-blobfromimage", "blob", 1,
            new PictureManifest { Layout = TensorLayout.Nchw, Fit = PictureFit.Squash, Std = [255, 255, 255] },
            "a picture to a planar float tensor of 512x512, squashed, 0 to 1");
        await BesideAsync("preprocess-over-opencv-resize", "resize", 255,
            new PictureManifest { Layout = TensorLayout.Nhwc, Fit = PictureFit.Letterbox },
            "a picture to an interleaved float tensor of 512x512, letterboxed, 0 to 255");

        Task BesideAsync(string name, string job, float range, PictureManifest manifest, string note)
        {
            var tensor = new float[3 * Size * Size];
            var preprocessor = new PicturePreprocessor(Size, Size, manifest);
            return SideBySide.MeasureAsync(bench, name, Rounds, () => ExternalProgram.OpenCvAsync(bench, job, Side, Side), AgreeAsync, Round,
                $"{note}, 1 thread, pictures of {bench.Clip.Width}x{bench.Clip.Height}");

            void Fill(int picture) => preprocessor.Fill(bench.Clip.Frames[picture], bench.Clip.Width, bench.Clip.Height, tensor);

            double Round()
            {
                var start = SensorClock.System.Monotonic;
                for (var i = 0; i < bench.Clip.Frames.Count; i++) Fill(i);
                return (SensorClock.System.Monotonic - start).TotalMilliseconds / bench.Clip.Frames.Count;
            }

            async Task<string> AgreeAsync(ExternalProgram baseline)
            {
                var theirs = await baseline.FirstAsync("tensor");
                Fill(0);
                var levels = SideBySide.LargestDifference(tensor, theirs) / range * 255;
                return levels <= 1
                    ? string.Create(CultureInfo.InvariantCulture, $"largest difference {levels:0.00}/255")
                    : throw new BaselineException(string.Create(CultureInfo.InvariantCulture, $"its tensor differs from ours by {levels:0.0}/255"));
            }
        }
    }
}
