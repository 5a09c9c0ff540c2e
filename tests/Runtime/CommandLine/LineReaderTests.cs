using EdgePerception.Runtime.CommandLine;

namespace EdgePerception.Runtime.Tests.CommandLine;

public sealed class LineReaderTests
{
    [Theory]
    [InlineData("")]
    [InlineData("a")]
    [InlineData("a\n")]
    [InlineData("\n")]
    [InlineData("\n\na\n\n")]
    [InlineData("a\r\nb\r\n")]
    [InlineData("a\rb\r\rc")]
    [InlineData("a\n\rb\r\n\r\n\nc\r")]
    [InlineData("\r\n")]
    [InlineData("\r\r\n\n\r")]
    public void Lines_end_where_those_of_the_platform_do(string text)
    {
        var expected = new List<string>();
        for (var reader = new StringReader(text); reader.ReadLine() is { } line;) expected.Add(line);
        Assert.Equal(expected, Lines(text, 100));
    }

    [Fact]
    public void Of_a_line_that_is_too_long_comes_its_beginning_and_the_next_lines_whole() =>
        Assert.Equal(["abc", "abcd", "x", "", "abcd"], Lines($"abc\nabcde{new string('f', 100_000)}\r\nx\n\nabcde", 3));

    [Fact]
    public void Lines_and_blocks_may_end_anywhere_in_each_other()
    {
        var random = new Random(20261130);
        var lengths = Enumerable.Range(0, 200).Select(_ => random.Next(3) == 0 ? random.Next(40_000) : random.Next(5));
        var lines = lengths.Select(length => new string('a', length)).ToList();
        Assert.Equal(lines, Lines(string.Join("\r\n", lines) + "\r\n", 40_000));
    }

    [Fact]
    public void An_endless_line_costs_no_memory()
    {
        var lines = new LineReader(new Endless(20_000_000), 1000);
        var before = GC.GetAllocatedBytesForCurrentThread();
        Assert.Equal(1001, lines.Read()!.Length);
        Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, 1_000_000);
        Assert.Null(lines.Read());
    }

    private static List<string> Lines(string text, int maxLength)
    {
        var lines = new List<string>();
        var reader = new LineReader(new StringReader(text), maxLength);
        while (reader.Read() is { } line) lines.Add(line);
        return lines;
    }

    private sealed class Endless(int length) : TextReader
    {
        private int _left = length;

        public override int Read(Span<char> buffer)
        {
            var count = Math.Min(buffer.Length, _left);
            buffer[..count].Fill('a');
            _left -= count;
            return count;
        }
    }
}
