using System.Text.Json.Nodes;
using EdgePerception.Runtime.CommandLine;

namespace EdgePerception.EndToEnd.Tests.Language;

/// <summary>One sentence in its scene with what is right for it; README.md tells the keys.</summary>
internal sealed class FieldCase
{
    private readonly JsonObject _scene;

    /// <summary>Reads one row of a case file.</summary>
    public FieldCase(JsonObject row, JsonObject scenes)
    {
        (Id, Command, Expect) = (Text(row, "id"), Text(row, "command"), Text(row, "expect"));
        Action = row["action"]?.GetValue<string>();
        History = Texts(row["history"]);
        Clauses = Texts(row["clauses"]);
        IsVerbatim = row["verbatim"]?.GetValue<bool>() ?? false;
        _scene = scenes[Text(row, "scene")]!.AsObject();
    }

    private FieldCase(FieldCase from, string variant, JsonObject scene)
    {
        (Id, Command, Expect, Action) = ($"{from.Id} {variant}", from.Command, from.Expect, from.Action);
        (History, Clauses, _scene) = (from.History, from.Clauses, scene);
    }

    public string Id { get; }

    public string Command { get; private init; }

    public string Expect { get; private init; }

    /// <summary>The action that an act must be, where the case tells.</summary>
    public string? Action { get; }

    /// <summary>What was said before.</summary>
    public IReadOnlyList<string> History { get; private init; }

    /// <summary>The two halves of a command whose order means nothing.</summary>
    public IReadOnlyList<string> Clauses { get; private init; }

    /// <summary>Whether the case is about its very letters, so that no variant of it means the same.</summary>
    public bool IsVerbatim { get; }

    /// <summary>The objects in sight, as they stand in the file.</summary>
    public IEnumerable<JsonObject> Objects => _scene["objects"]!.AsArray().Select(item => item!.AsObject());

    /// <summary>What the robot should make of it.</summary>
    public FieldExpectation Expectation => new(Expect, Action);

    /// <summary>The case as a line of <c>ground --batch</c>, read; the scene is its own.</summary>
    public GroundingCase Read()
    {
        var line = _scene.DeepClone().AsObject();
        (line["id"], line["command"]) = (Id, Command);
        line["history"] = new JsonArray([.. History.Select(said => JsonValue.Create(said))]);
        return GroundingCase.Parse(line.ToJsonString());
    }

    /// <summary>The same case with another wording of its last command.</summary>
    public FieldCase Say(string variant, string command) => new(this, variant, _scene) { Command = command };

    /// <summary>The same case with its texts, expected ids and objects rewritten, in a scene of its own.</summary>
    public FieldCase Rewrite(
        string variant, Func<string, string> text, Func<string, string> ids, Action<JsonObject> item)
    {
        var scene = _scene.DeepClone().AsObject();
        var changed = new FieldCase(this, variant, scene)
        {
            Command = text(Command),
            Expect = ids(Expect),
            History = [.. History.Select(text)],
            Clauses = [.. Clauses.Select(text)],
        };
        foreach (var thing in changed.Objects) item(thing);
        return changed;
    }

    private static string Text(JsonObject row, string key) => row[key]!.GetValue<string>();

    private static string[] Texts(JsonNode? list) =>
        [.. list?.AsArray().Select(text => text!.GetValue<string>()) ?? []];
}
