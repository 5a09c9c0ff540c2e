using System.Diagnostics;

namespace EdgePerception.EndToEnd.Tests.Service;

/// <summary>
/// What the tests run on: the repository, the media of Debian packages, clips made of them by gst-launch.
/// </summary>
internal static class Files
{
    public static string Repository { get; } = FindRepository();

    /// <summary>Two men, one on the left and one on the right (Debian's opencv-doc).</summary>
    public static string Basketball =>
        Packaged("opencv-doc", "/usr/share/doc/opencv-doc/examples/data/basketball1.png");

    /// <summary>A cup of coffee (Debian's python3-skimage).</summary>
    public static string Coffee =>
        Packaged("python3-skimage", "/usr/lib/python3/dist-packages/skimage/data/coffee.png");

    /// <summary>A portrait (Debian's python3-skimage).</summary>
    public static string Astronaut =>
        Packaged("python3-skimage", "/usr/lib/python3/dist-packages/skimage/data/astronaut.png");

    /// <summary>The manifest of the real detector.</summary>
    public static string Detector => Path.Combine(Repository, "configs", "models", "centernet-mobilenetv3-coco.yaml");

    /// <summary>
    /// The street scene that Debian's opencv-doc ships as vtest.avi, after 18 seconds: a white van at the top right, a
    /// man in a light blue jacket on the left.
    /// </summary>
    public static string StreetFrame(string folder)
    {
        var clip = Packaged("opencv-doc", "/usr/share/doc/opencv-doc/examples/data/vtest.avi");
        Launch(
            $"filesrc location={clip} ! decodebin ! videoconvert ! videorate ! video/x-raw,framerate=1/2 ! identity "
            + "eos-after=11"
               + $" ! pngenc ! multifilesink location={folder}/street%02d.png");
        return Path.Combine(folder, "street09.png");
    }

    /// <summary>An image standing still for ten seconds, as a clip.</summary>
    public static string Still(string image, string clip)
    {
        Launch(
            $"filesrc location={image} ! pngdec ! videoconvert ! imagefreeze num-buffers=100 ! "
            + "video/x-raw,framerate=10/1"
               + $" ! jpegenc quality=95 ! avimux ! filesink location={clip}");
        return clip;
    }

    /// <summary>Black for so many frames, then white for a minute; ten frames a second.</summary>
    public static string BlackToWhite(string folder, int blackFrames)
    {
        var clip = Path.Combine(folder, "black-to-white.avi");
        Launch($"concat name=joined ! jpegenc ! avimux ! filesink location={clip}"
               + $" {Plain("black", blackFrames)} ! joined. {Plain("white", 600)} ! joined.");
        return clip;

        static string Plain(string color, int frames) =>
            $"videotestsrc pattern={color} num-buffers={frames} ! "
            + "video/x-raw,format=I420,width=64,height=48,framerate=10/1";
    }

    private static string Packaged(string package, string path)
    {
        Assert.True(File.Exists(path), $"{path} is missing: install the package {package} (apt-get install {package})");
        return path;
    }

    /// <summary>Runs gst-launch-1.0 with arguments separated by blanks.</summary>
    public static void Launch(string pipeline)
    {
        using var process =
            Process.Start(new ProcessStartInfo("gst-launch-1.0", ["-q", .. pipeline.Split(' ')])
            {
                RedirectStandardError = true,
            })!;
        var errors = process.StandardError.ReadToEnd();
        process.WaitForExit();
        Assert.True(process.ExitCode == 0, errors);
    }

    private static string FindRepository()
    {
        var folder = new DirectoryInfo(AppContext.BaseDirectory);
        while (folder is not null && !File.Exists(Path.Combine(folder.FullName, "EdgePerception.sln")))
            folder = folder.Parent;
        return folder?.FullName ?? throw new InvalidOperationException("the tests do not run within the repository");
    }
}
