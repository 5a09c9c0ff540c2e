using System.Text.RegularExpressions;

namespace EdgePerception.Runtime.Tests.Architecture;

/// <summary>Lines of the log are told apart, and bounded, by their number.</summary>
public sealed partial class LogEventTests
{
    [Fact]
    public void No_two_events_of_the_log_have_one_number()
    {
        var numbers = Directory.GetFiles(Path.Combine(Repository.Root, "src"), "*.cs", SearchOption.AllDirectories)
            .SelectMany(file => Number().Matches(File.ReadAllText(file))).Select(match => match.Groups[1].Value)
            .ToArray();
        Assert.True(numbers.Length > 50);
        Assert.Empty(numbers.GroupBy(number => number).Where(group => group.Count() > 1).Select(group => group.Key));
    }

    [GeneratedRegex(@"EventId = (\d+)")]
    private static partial Regex Number();
}
