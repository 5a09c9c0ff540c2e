using EdgePerception.Runtime.CommandLine;
using EdgePerception.Tests.Support;
using FsCheck;
using FsCheck.Fluent;
using FsCheck.Xunit;

namespace EdgePerception.Runtime.Tests.CommandLine;

public sealed class VisibleWriterTests
{
    [Property(MaxTest = 500, Replay = "17,31")]
    public Property Whatever_is_written_as_a_line_is_one_line_without_a_hidden_character() => Prop.ForAll(
        Gen.OneOf(Gen.Elements(HiddenCharacters.Samples), Gen.Elements("no cup", ": ", "✗"))
            .ListOf().Select(string.Concat).ToArbitrary(),
        text => Written(writer => writer.WriteLine(text)) is [var line] && HiddenCharacters.In(line).Count == 0
                && Written(writer => writer.WriteLineAsync(text).GetAwaiter().GetResult()) is [var same] && same == line
                && Written(writer => writer.WriteLine((object)text)) is [var alike] && alike == line
                && Written(writer => writer.WriteLine("{0}", text)) is [var formatted] && formatted == line);

    [Property(MaxTest = 500, Replay = "17,31")]
    public Property Line_feeds_end_lines_in_a_text_of_several_and_nothing_else_does() => Prop.ForAll(
        Gen.Elements(HiddenCharacters.Samples).ListOf().Select(string.Concat).ToArbitrary(),
        text => Written(writer => writer.Write(text + "\n")) is var lines && lines.Length == text.Split('\n').Length
                && lines.All(line => HiddenCharacters.In(line).Count == 0));

    [Fact]
    public void Only_a_terminal_is_sent_colours_of_our_own_and_what_others_wrote_stays_visible_there()
    {
        Assert.Equal(["ok a\\u001B[1m"], Written(writer => writer.WriteLine("ok", 32, " a\e[1m")));
        Assert.Equal(
            ["\e[32mok\\u0007\e[0m a\\u001B[1m"],
            Written(writer => writer.WriteLine("ok\a", 32, " a\e[1m"), isTerminal: true));
        Assert.Equal(["\rfetching\\u000A\e[K"], Written(writer =>
        {
            writer.Rewrite("fetching\n");
            writer.WriteLine();
        }, isTerminal: true));
    }

    private static string[] Written(Action<VisibleWriter> write, bool isTerminal = false)
    {
        using var text = new StringWriter();
        using (var writer = new VisibleWriter(text, isTerminal)) write(writer);
        var written = text.ToString();
        Assert.EndsWith("\n", written, StringComparison.Ordinal);
        return written[..^1].Split('\n');
    }
}
