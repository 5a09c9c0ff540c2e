using Microsoft.CodeAnalysis.CSharp;

namespace EdgePerception.Runtime.Tests.Architecture;

/// <summary>
/// What is read line by line keeps to the width that two files side by side have room for. Raw texts are another
/// language's, whose lines may be what they have to be.
/// </summary>
public sealed class LineTests
{
    private const int Columns = 120;
    private const int LinesOfAFile = 350;

    [Theory]
    [InlineData("src")]
    [InlineData("tests")]
    [InlineData("benchmarks")]
    public void No_line_is_longer_than_a_reader_sees(string folder)
    {
        var files = Directory.EnumerateFiles(
            Path.Combine(Repository.Root, folder), "*.cs", SearchOption.AllDirectories);
        Assert.Empty(files.SelectMany(file =>
            TooLong(File.ReadAllText(file)).Select(line => $"{Path.GetRelativePath(Repository.Root, file)}:{line}")));
    }

    [Fact]
    public void No_file_of_the_product_is_longer_than_one_reads_at_a_time()
    {
        var files = Directory.EnumerateFiles(
            Path.Combine(Repository.Root, "src"), "*.cs", SearchOption.AllDirectories);
        string[] tooLong =
        [
            .. files.Where(file => File.ReadLines(file).Count() > LinesOfAFile)
                .Select(file => Path.GetRelativePath(Repository.Root, file)),
        ];
        Assert.Empty(tooLong);
    }

    [Theory]
    [InlineData(120, "")]
    [InlineData(121, "1")]
    public void A_line_of_code_is_measured(int columns, string expected) =>
        Assert.Equal(expected, string.Join(' ', TooLong($"// {new string('x', columns - 3)}\nclass C;")));

    [Fact]
    public void A_raw_text_is_not()
    {
        var text = new string('x', 130);
        Assert.Equal([4], TooLong($"var a = \"\"\"\n    {text}\n    \"\"\";\nvar b = \"{text}\";"));
    }

    private static IEnumerable<int> TooLong(string source)
    {
        if (!source.Split('\n').Any(line => line.Length > Columns)) return [];
        var tree = CSharpSyntaxTree.ParseText(source);
        var raw = tree.GetRoot().DescendantTokens()
            .Where(token => token.Kind() is SyntaxKind.SingleLineRawStringLiteralToken
                or SyntaxKind.MultiLineRawStringLiteralToken or SyntaxKind.Utf8SingleLineRawStringLiteralToken
                or SyntaxKind.Utf8MultiLineRawStringLiteralToken
                || token.Parent?.Parent?.GetFirstToken().Kind() is SyntaxKind.InterpolatedSingleLineRawStringStartToken
                    or SyntaxKind.InterpolatedMultiLineRawStringStartToken)
            .Select(token => token.Span).ToArray();
        return tree.GetText().Lines
            .Where(line => line.Span.Length > Columns && !raw.Any(span => span.IntersectsWith(line.Span)))
            .Select(line => line.LineNumber + 1);
    }
}
