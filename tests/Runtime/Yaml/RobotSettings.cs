using System.ComponentModel.DataAnnotations;

namespace EdgePerception.Runtime.Tests.Yaml;

public enum DriveMode
{
    Careful,
    FullSpeed,
}

public sealed record WheelSettings
{
    public required string Name { get; init; }

    [Range(0.05, 2.0)]
    public float RadiusMeters { get; init; } = 0.1f;

    public IReadOnlyList<int> Pins { get; init; } = [];
}

public sealed record BrokerSettings : IValidatableObject
{
    public string Host { get; init; } = "127.0.0.1";

    [Range(1, 65_535)]
    public int Port { get; init; } = 1883;

    public IReadOnlyList<string> Topics { get; init; } = [];

    [DataType(DataType.Password)]
    public string Password { get; init; } = "";

    public string PasswordFile { get; init; } = "";

    public IEnumerable<ValidationResult> Validate(ValidationContext validationContext)
    {
        if (Host == "localhost" && Port == 1)
            yield return new ValidationResult("localhost has no broker there", [nameof(Port)]);
    }
}

/// <summary>One property of each kind that files of this product hold.</summary>
public sealed record RobotSettings
{
    [RegularExpression("[a-z0-9-]{1,16}", ErrorMessage = "is not a name of lower-case letters, digits and '-'")]
    public string Name { get; init; } = "robot";

    public DriveMode Mode { get; init; }

    public bool Armed { get; init; }

    [Range(1, 240)]
    public int FramesPerSecond { get; init; } = 30;

    [Range(0.0, 1.0)]
    public float Threshold { get; init; } = 0.5f;

    public double Gain { get; init; } = 1;

    public float? FieldOfView { get; init; }

    public int? Limit { get; init; } = 7;

    public BrokerSettings Mqtt { get; init; } = new();

    public IReadOnlyList<WheelSettings> Wheels { get; init; } = [];

    [Length(3, 3)]
    public IReadOnlyList<float> Mean { get; init; } = [0, 0, 0];

    public IReadOnlyList<DriveMode> Modes { get; init; } = [];

    /// <summary>Not a key: nothing can set it.</summary>
    public int Doubled => FramesPerSecond * 2;
}
