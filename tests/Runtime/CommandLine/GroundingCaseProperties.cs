using EdgePerception.Policy.Grounding;
using EdgePerception.Runtime.CommandLine;
using FsCheck;
using FsCheck.Fluent;
using FsCheck.Xunit;

namespace EdgePerception.Runtime.Tests.CommandLine;

/// <summary>Lines come from anywhere: whatever they hold, the answer is a case or a reason.</summary>
public class GroundingCaseProperties
{
    private const string Case = """
        {"id":"c","image":{"width":640,"height":480},"camera":{"hfovDeg":60},"objects":[{"id":"a","label":"mug","score":0.9,"box":{"x":1,"y":2,"width":30,"height":40},"colors":{"red":0.7},"velocity":{"x":-3,"y":0}}],"sounds":[{"label":"water","score":0.5,"azimuthDeg":-20,"azimuthStdDeg":5}],"command":"bring me the red mug"}
        """;

    private static readonly string[] Pieces =
    [
        "{", "}", "[", "]", ":", ",", "\"", "\\", "\\u0000", "\\ud800", "null", "true", "-1", "1e999", "0.5", "\"id\"",
        "\"objects\"",
        "\"box\"", "\"colors\"", "{\"x\":1}", "\0", "\ud83d", "é", " ", "\n", "9999999999999999999999",
    ];

    [Property(MaxTest = 500, Replay = "11,3")]
    public void Any_text_is_a_case_or_a_reason(string? text) => Check(text ?? "");

    [Property(MaxTest = 2000, Replay = "17,5")]
    public Property A_case_with_something_put_into_it_is_a_case_or_a_reason() => Prop.ForAll(
        Gen.Choose(0, Case.Length - 1)
            .SelectMany(at => Gen.Choose(0, 12), (at, length) => (at, length: Math.Min(length, Case.Length - at)))
            .SelectMany(cut => Gen.ArrayOf(Gen.Elements(Pieces)),
                (cut, pieces) => Case.Remove(cut.at, cut.length).Insert(cut.at, string.Concat(pieces)))
            .ToArbitrary(),
        Check);

    [Fact]
    public void Every_beginning_of_a_case_is_a_reason()
    {
        for (var length = 0; length < Case.Length - 1; length++)
            Assert.Throws<FormatException>(() => GroundingCase.Parse(Case[..length]));
    }

    private static void Check(string line)
    {
        try
        {
            var (id, scene, command) = GroundingCase.Parse(line);
            Assert.NotNull(new RuleExecutor().Ground(id, command, scene));
        }
        catch (FormatException e)
        {
            Assert.InRange(e.Message.Length, 1, 1000);
        }
    }
}
