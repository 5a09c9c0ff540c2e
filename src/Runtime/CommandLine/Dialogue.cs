using EdgePerception.Fusion.Scenes;
using EdgePerception.Policy.Grounding;

namespace EdgePerception.Runtime.CommandLine;

/// <summary>
/// A conversation in one scene that stands still: what was said before may be referred to without limit of time.
/// </summary>
internal sealed class Dialogue(Grounder grounder, Scene scene)
{
    private readonly Conversation _conversation = new(Timeout.InfiniteTimeSpan);

    /// <summary>Grounds the next command and remembers it.</summary>
    public GroundingAnswer Say(string id, string text) =>
        grounder.Ground(id, text, scene, _conversation, TimeSpan.Zero);
}
