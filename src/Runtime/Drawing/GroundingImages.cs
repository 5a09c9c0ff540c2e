using System.Collections.Concurrent;
using EdgePerception.Fusion.Scenes;
using EdgePerception.Policy.Actions;
using EdgePerception.Runtime.Diagnostics;
using EdgePerception.Sensors.Diagnostics;
using EdgePerception.Sensors.Synchronization;
using Microsoft.Extensions.Logging;
using SkiaSharp;

namespace EdgePerception.Runtime.Drawing;

/// <summary>
/// Keeps an image of each moment a command was grounded in, drawn and written on a thread of its own. The loop only
/// copies the pixels; when more images wait than fit, the new one is dropped and counted. One that cannot be drawn or
/// written is counted and told once for each reason; nothing here ends the service.
/// </summary>
public sealed class GroundingImages : IDisposable
{
    private const int Capacity = 4;
    private static readonly TimeSpan TimeLimit = TimeSpan.FromSeconds(2);
    private static readonly TotalCounter Dropped = new(
        "edge_perception.pictures.dropped", "{picture}",
        "Pictures of grounded commands that were not drawn, because too many waited");

    private static readonly TotalCounter Failed = new(
        "edge_perception.pictures.failed", "{picture}", "Pictures of commands that could not be drawn or written");
    private static readonly TotalCounter Removed = new(
        "edge_perception.pictures.removed", "{picture}", "Pictures of commands that gave way to newer ones");

    private readonly ImageFolder _folder;
    private readonly ILogger<GroundingImages> _logger;
    private readonly BlockingCollection<Job> _jobs = new(Capacity);
    private readonly Thread _thread;

    private string _failure = "";
    private bool _removes;

    /// <summary>Makes the folder, or takes up what an earlier run left in it, and starts the thread.</summary>
    /// <param name="folder">The folder; absolute.</param>
    /// <param name="maxPictures">How many images it may hold.</param>
    /// <param name="maxBytes">How many bytes they may have together.</param>
    /// <param name="logger">Where to say what goes wrong.</param>
    /// <exception cref="UserException">The folder cannot be used.</exception>
    public GroundingImages(string folder, int maxPictures, long maxBytes, ILogger<GroundingImages> logger)
    {
        _logger = logger;
        try
        {
            _folder = new ImageFolder(folder, maxPictures, maxBytes);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new UserException($"publishing.picturesFolder: {folder} cannot be used: {e.Message}", e);
        }

        _thread = new Thread(Run) { Name = "pictures", IsBackground = true };
        _thread.Start();
    }

    /// <summary>Takes a copy of the moment: of the camera that sees the target, or of the first.</summary>
    public void Draw(Decision decision, SensorSnapshot snapshot, Scene scene)
    {
        var frame = snapshot.Cameras[0].Frame;
        foreach (var sample in snapshot.Cameras)
        {
            if (sample.Frame.Camera == decision.Action?.Target?.Camera) frame = sample.Frame;
        }

        var objects = scene.Objects.Where(seen => seen.Camera == frame.Camera).ToArray();
        var job = new Job(decision, frame.Pixels.ToArray(), frame.Width, frame.Height, objects);
        if (!_jobs.TryAdd(job)) Dropped.Add(1);
    }

    /// <summary>Writes what waits, then ends.</summary>
    public void Dispose()
    {
        _jobs.CompleteAdding();
        // A disk that hangs must not hold the process; the thread is a background one.
        if (_thread.Join(TimeLimit)) _jobs.Dispose();
    }

    private void Run()
    {
        foreach (var job in _jobs.GetConsumingEnumerable())
        {
            try
            {
                Write(job);
                _failure = "";
            }
#pragma warning disable CA1031 // The thread's outermost boundary: no picture is worth the service.
            catch (Exception e)
#pragma warning restore CA1031
            {
                Failed.Add(1);
                if (_failure != e.GetType().Name)
                    DrawingLog.PictureFailed(_logger, job.Decision.Command.Id, e.Message);
                _failure = e.GetType().Name;
            }
        }
    }

    private void Write(Job job)
    {
        var (command, answer) = (job.Decision.Command, job.Decision.Answer);
        using var image = GroundingImage.Encode(
            SKEncodedImageFormat.Png, job.Rgb, job.Width, job.Height, job.Objects, command.Text, answer);
        // Ids of commands are names without separators: the gateway refuses all others.
        var removed = _folder.Add(command.Id, image);
        if (removed == 0) return;
        Removed.Add(removed);
        if (!_removes) DrawingLog.PicturesRemoved(_logger, _folder.Count, _folder.Bytes / 1e6);
        _removes = true;
    }

    private sealed record Job(Decision Decision, byte[] Rgb, int Width, int Height, SceneObject[] Objects);
}
