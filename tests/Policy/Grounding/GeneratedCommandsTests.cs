using Xunit.Abstractions;

namespace EdgePerception.Policy.Tests.Grounding;

public class GeneratedCommandsTests(ITestOutputHelper output)
{
    private const int CasesEach = 400;

    [Theory]
    [InlineData("class")]
    [InlineData("attribute")]
    [InlineData("superlative")]
    [InlineData("ordinal")]
    [InlineData("relation")]
    [InlineData("negation")]
    [InlineData("sound")]
    [InlineData("motion")]
    public void The_executor_agrees_with_the_program_behind_the_sentence(string phenomenon)
    {
        var generator = new ProgramGenerator(seed: 7 + phenomenon.Length * 31 + phenomenon[0]);
        var agreed = 0;
        for (var i = 0; i < CasesEach; i++)
        {
            var example = generator.Next(phenomenon);
            var answer = example.Scene.Ground(example.Text);
            if (answer.Brief() == example.Expected) agreed++;
            else output.WriteLine(
                $"{example.Text} | {example.Expected} | {answer.Brief()} | {answer.Reason} | "
                + $"{string.Join(" ", answer.Clauses)}");
        }

        output.WriteLine($"{phenomenon}: {100.0 * agreed / CasesEach:0.0}%");
        Assert.True(agreed >= 0.97 * CasesEach, $"{phenomenon}: {agreed} of {CasesEach} agree");
    }
}
