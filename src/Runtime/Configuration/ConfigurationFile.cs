using EdgePerception.Runtime.Yaml;

namespace EdgePerception.Runtime.Configuration;

/// <summary>Reads the configuration file.</summary>
public static class ConfigurationFile
{
    /// <summary>
    /// Reads and validates it, with single keys laid over it (<c>mqtt.port=1884</c>). Paths in it are relative to the
    /// file, so that the service may be started from anywhere; the answer's are absolute.
    /// </summary>
    /// <exception cref="YamlException">Anything in it is wrong: all of it at once.</exception>
    public static ServiceSettings Read(string file, IReadOnlyList<string>? overrides = null)
    {
        var configuration = YamlBinder.Read<ServiceSettings>(file, overrides);
        var folder = Path.GetDirectoryName(Path.GetFullPath(file))!;
        return configuration with
        {
            Models = configuration.Models with
            {
                Folder = Absolute(configuration.Models.Folder),
                Detector = Absolute(configuration.Models.Detector),
            },
            Grounding = configuration.Grounding with
            {
                Network = Absolute(configuration.Grounding.Network),
                Calibration = Absolute(configuration.Grounding.Calibration),
                Encoder = Absolute(configuration.Grounding.Encoder),
                Ear = Absolute(configuration.Grounding.Ear),
            },
            Inference = configuration.Inference with
            {
                EngineCache = configuration.Inference.EngineCache is { Length: > 0 } engines ? Absolute(engines) : "",
            },
            StateFolder = configuration.StateFolder is { Length: > 0 } state ? Absolute(state) : StateFolder.Default,
            Publishing = configuration.Publishing with
            {
                PicturesFolder = configuration.Publishing.PicturesFolder is { Length: > 0 } images ? Absolute(images)
                    : "",
            },
            Zeromq = configuration.Zeromq is not { } zeromq ? null : zeromq with
            {
                ControllersFile = zeromq.ControllersFile is { Length: > 0 } controllers ? Absolute(controllers) : "",
                Curve = zeromq.Curve is not { } curve ? null : curve with
                {
                    SecretKeyFile = Absolute(curve.SecretKeyFile),
                    AllowedKeysFile = curve.AllowedKeysFile is { Length: > 0 } allowed ? Absolute(allowed) : "",
                },
            },
            Cameras =
            [
                .. configuration.Cameras.Select(camera => camera with
                {
                    Path = camera.Path is { } path ? Absolute(path) : null,
                }),
            ],
            Microphones =
            [
                .. configuration.Microphones.Select(microphone => microphone with
                {
                    Path = microphone.Path is { } path ? Absolute(path) : null,
                }),
            ],
        };

        string Absolute(string path) => Path.GetFullPath(path, folder);
    }
}
