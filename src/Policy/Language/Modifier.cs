using EdgePerception.Fusion.Vision.Color;

namespace EdgePerception.Policy.Language;

/// <summary>One part of a description that narrows it down.</summary>
/// <param name="Text">The words as the user said them.</param>
public abstract record Modifier(string Text)
{
    /// <summary>Which words of its command they are, by number; none where no answer has to point at them.</summary>
    internal Range Words { get; init; }
}

/// <summary>A colour as the shares that show it ("light blue" shows as blue and cyan).</summary>
/// <param name="Name">As people say it.</param>
/// <param name="Shows">The named colours it may show as, with how surely, 0 to 1.</param>
public sealed record ColorTerm(string Name, IReadOnlyList<(NamedColor Color, double Weight)> Shows)
{
    /// <summary>1 for a light shade ("pale green"), -1 for a dark one, 0 where the words do not say.</summary>
    public int Tone { get; } = Name.Split(' ') is [var shade, _, ..]
        ? shade switch { "light" or "pale" or "baby" or "sky" or "powder" => 1, "dark" or "midnight" => -1, _ => 0 }
        : 0;
}

/// <summary>"red", "red and white", "not red", "in the light blue jacket".</summary>
/// <param name="Text">The words as the user said them.</param>
/// <param name="Colors">The colours: all of them must show, or one of them where <paramref name="AnyOf"/>.</param>
/// <param name="Negated">Whether they must not show.</param>
/// <param name="Worn">Whether it is clothing, which covers only a part of its wearer.</param>
/// <param name="AnyOf">Whether one of the colours is enough ("red or blue").</param>
public sealed record ColorModifier(string Text, IReadOnlyList<ColorTerm> Colors, bool Negated, bool Worn, bool AnyOf)
    : Modifier(Text)
{
    /// <summary>Where it is worn.</summary>
    public BodyPart Part { get; init; }
}

/// <summary>Where a garment is worn.</summary>
public enum BodyPart
{
    /// <summary>Anywhere, or all over: "in red", "in a red dress".</summary>
    Any,

    /// <summary>Jackets, shirts.</summary>
    Upper,

    /// <summary>Trousers, skirts.</summary>
    Lower,

    /// <summary>Hats, hair.</summary>
    Head,

    /// <summary>Shoes.</summary>
    Feet,
}

/// <summary>What objects can be ordered by.</summary>
public enum Scale
{
    /// <summary>Leftmost first.</summary>
    Left,

    /// <summary>Rightmost first.</summary>
    Right,

    /// <summary>Highest in the image first.</summary>
    Top,

    /// <summary>Lowest in the image first.</summary>
    Bottom,

    /// <summary>Nearest to the robot first.</summary>
    Near,

    /// <summary>Farthest from the robot first.</summary>
    Far,

    /// <summary>Largest first.</summary>
    Large,

    /// <summary>Smallest first.</summary>
    Small,

    /// <summary>Tallest first.</summary>
    Tall,

    /// <summary>Shortest first.</summary>
    Short,

    /// <summary>Widest first.</summary>
    Wide,

    /// <summary>Narrowest first.</summary>
    Narrow,

    /// <summary>Fastest first.</summary>
    Fast,

    /// <summary>Slowest first.</summary>
    Slow,

    /// <summary>Brightest first.</summary>
    Bright,

    /// <summary>Darkest first.</summary>
    Dark,

    /// <summary>The most central first.</summary>
    Middle,

    /// <summary>The one of middle size first.</summary>
    Medium,
}

/// <summary>"leftmost", "the bigger one", "second from the left", "on the left".</summary>
/// <param name="Text">The words as the user said them.</param>
/// <param name="Scale">What to order by.</param>
/// <param name="Rank">0 for the first, 1 for the second; -1 for the last.</param>
/// <param name="Negated">Whether any other than that one is meant.</param>
/// <param name="IsRegion">Whether a part of the image is named ("on the left"), which several may fill.</param>
public sealed record SelectionModifier(string Text, Scale Scale, int Rank, bool Negated, bool IsRegion)
    : Modifier(Text);

/// <summary>How one object lies to another. The left side of an image is the left of its viewer.</summary>
public enum SpatialRelation
{
    /// <summary>Left of it in the image.</summary>
    LeftOf,

    /// <summary>Right of it in the image.</summary>
    RightOf,

    /// <summary>Higher in the image.</summary>
    Above,

    /// <summary>Lower in the image.</summary>
    Below,

    /// <summary>Below, and rather beneath the other than aside of it.</summary>
    Under,

    /// <summary>Resting on it.</summary>
    On,

    /// <summary>Inside it.</summary>
    In,

    /// <summary>Close to it.</summary>
    NextTo,

    /// <summary>The closest to it of those that fit.</summary>
    NearestTo,

    /// <summary>The farthest from it of those that fit.</summary>
    FarthestFrom,

    /// <summary>Farther from the robot than it.</summary>
    Behind,

    /// <summary>Nearer to the robot than it.</summary>
    InFrontOf,

    /// <summary>Between two objects.</summary>
    Between,

    /// <summary>Larger than it.</summary>
    LargerThan,

    /// <summary>Smaller than it.</summary>
    SmallerThan,

    /// <summary>Taller than it.</summary>
    TallerThan,

    /// <summary>Shorter than it.</summary>
    ShorterThan,

    /// <summary>Together with it: touching or close.</summary>
    With,
}

/// <summary>"left of the bottle", "between the cup and the bowl", "not on the table".</summary>
/// <param name="Text">The words as the user said them.</param>
/// <param name="Relation">The relation.</param>
/// <param name="Anchors">What it relates to: two with between (one that names both: "the two cups"), else one.</param>
/// <param name="Negated">Whether it must not hold.</param>
public sealed record RelationModifier(
    string Text, SpatialRelation Relation, IReadOnlyList<NounPhrase> Anchors, bool Negated) : Modifier(Text)
{
    /// <summary>How surely the words mean that relation, 0 to 1; 1 where a list says so.</summary>
    public double Sureness { get; init; } = 1;
}

/// <summary>How an object moves.</summary>
public enum Motion
{
    /// <summary>In any direction.</summary>
    Moving,

    /// <summary>Not at all.</summary>
    Still,

    /// <summary>To the left of the image.</summary>
    Left,

    /// <summary>To the right of the image.</summary>
    Right,

    /// <summary>Towards the robot.</summary>
    Approaching,

    /// <summary>Away from the robot.</summary>
    Receding,
}

/// <summary>"moving", "parked", "walking to the left".</summary>
/// <param name="Text">The words as the user said them.</param>
/// <param name="Motion">How it moves.</param>
/// <param name="Negated">Whether it must not.</param>
public sealed record MotionModifier(string Text, Motion Motion, bool Negated) : Modifier(Text);

/// <summary>"ringing", "that is making noise".</summary>
/// <param name="Text">The words as the user said them.</param>
/// <param name="Sound">The sound's name; none for any sound.</param>
/// <param name="Negated">Whether it must not be heard from the object.</param>
public sealed record SoundModifier(string Text, string? Sound, bool Negated) : Modifier(Text);

/// <summary>"other than the red one", "but not the one on the left".</summary>
/// <param name="Text">The words as the user said them.</param>
/// <param name="Excluded">What is not meant.</param>
public sealed record ExclusionModifier(string Text, NounPhrase Excluded) : Modifier(Text);

/// <summary>A property that no sensor of the robot measures ("wooden", "that belongs to me").</summary>
/// <param name="Text">The words as the user said them.</param>
public sealed record UnmeasuredModifier(string Text) : Modifier(Text)
{
    /// <summary>Whether not even the words are known, so that no motion may rest on it.</summary>
    public bool IsUnread { get; init; }
}

/// <summary>
/// A property or relation in words that are not known ("that flanks the bottle", "the zorby cup"): no rule checks it,
/// so no motion may rest on it unless a model is sure what it means.
/// </summary>
/// <param name="Text">The words as the user said them.</param>
/// <param name="Anchor">What it relates to; none for a property.</param>
public sealed record SupposedModifier(string Text, NounPhrase? Anchor) : Modifier(Text)
{
    /// <summary>Whether not even the words are known, so that no motion may rest on it.</summary>
    public bool IsUnread { get; init; }
}
