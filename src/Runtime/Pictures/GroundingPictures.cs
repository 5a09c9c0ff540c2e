using System.Collections.Concurrent;
using EdgePerception.Fusion.Scenes;
using EdgePerception.Policy.Actions;
using EdgePerception.Runtime.Pipeline;
using EdgePerception.Sensors.Diagnostics;
using EdgePerception.Sensors.Synchronization;
using Microsoft.Extensions.Logging;

namespace EdgePerception.Runtime.Pictures;

/// <summary>
/// Keeps a picture of each moment a command was grounded in, drawn and written on a thread of its own. The loop only
/// copies the pixels; when more pictures wait than fit, the new one is dropped and counted.
/// </summary>
public sealed class GroundingPictures : IDisposable
{
    private const int Capacity = 4;
    private static readonly TotalCounter Dropped = new(
        "edge_perception.pictures.dropped", "{picture}", "Pictures of grounded commands that were not drawn, because too many waited");

    private readonly string _folder;
    private readonly ILogger<GroundingPictures> _logger;
    private readonly BlockingCollection<Job> _jobs = new(Capacity);
    private readonly Thread _thread;

    /// <summary>Makes the folder and starts the thread.</summary>
    public GroundingPictures(string folder, ILogger<GroundingPictures> logger)
    {
        (_folder, _logger) = (folder, logger);
        Directory.CreateDirectory(folder);
        _thread = new Thread(Write) { Name = "pictures", IsBackground = true };
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
        _thread.Join();
        _jobs.Dispose();
    }

    private void Write()
    {
        foreach (var job in _jobs.GetConsumingEnumerable())
        {
            // Ids of commands are names without separators: the gateway refuses all others.
            var path = Path.Combine(_folder, $"{job.Decision.Command.Id}.png");
            try
            {
                GroundingPicture.Write(path, job.Rgb, job.Width, job.Height, job.Objects, job.Decision.Command.Text, job.Decision.Answer);
            }
            catch (Exception e) when (e is IOException or UnauthorizedAccessException)
            {
                PipelineLog.PictureFailed(_logger, path, e.Message);
            }
        }
    }

    private sealed record Job(Decision Decision, byte[] Rgb, int Width, int Height, SceneObject[] Objects);
}
