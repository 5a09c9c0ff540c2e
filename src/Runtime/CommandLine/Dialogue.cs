using EdgePerception.Fusion.Scenes;
using EdgePerception.Policy.Commands;
using EdgePerception.Policy.Grounding;

namespace EdgePerception.Runtime.CommandLine;

/// <summary>A conversation in one scene that stands still: what was said before may be referred to without limit of time.</summary>
internal sealed class Dialogue(Grounder grounder, Scene scene)
{
    private readonly Conversation _conversation = new(Timeout.InfiniteTimeSpan);

    /// <summary>A command as it is meant after what was said before.</summary>
    public ParsedCommand Read(string text) => _conversation.Read(CommandParser.Parse(text), TimeSpan.Zero);

    /// <summary>Grounds the next command and remembers it.</summary>
    public GroundingAnswer Say(string id, string text)
    {
        var command = Read(text);
        var answer = grounder.Ground(id, command, scene);
        _conversation.Remember(command, answer, TimeSpan.Zero);
        return answer;
    }
}
