namespace EdgePerception.Fusion.Vision.Color;

/// <summary>The colours of an object: its own and, of a person, the garments'; all zero where not measured.</summary>
public struct ObjectColors
{
    /// <summary>Those that it goes by: of a person those of the upper body.</summary>
    public ColorShares Own { get; set; }

    /// <summary>A person's lower body: trousers, skirt.</summary>
    public ColorShares Lower { get; set; }

    /// <summary>A person's head: hair, hat.</summary>
    public ColorShares Head { get; set; }

    /// <summary>An object of which nothing but its own colours is known.</summary>
    public static implicit operator ObjectColors(in ColorShares own) => new() { Own = own };
}
