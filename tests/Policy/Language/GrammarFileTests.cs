using EdgePerception.Policy.Language;

namespace EdgePerception.Policy.Tests.Language;

public class GrammarFileTests
{
    [Theory]
    [InlineData("go : go", 1, "before the first [Symbol]")]
    [InlineData("[piece]\na : b", 1, "'piece' is no symbol")]
    [InlineData("[Piece 2]\na : b", 1, "'Piece 2' is no symbol")]
    [InlineData("[]\na : b", 1, "'' is no symbol")]
    [InlineData("[Piece\na : b", 1, "before the first [Symbol]")]
    [InlineData("[Piece]\n# a remark\n\ngo go", 4, "no ' : ' in 'go go'")]
    [InlineData("[Piece]\ngo: go", 2, "no ' : '")]
    [InlineData("[Piece]\ngo :", 2, "no ' : '")]
    [InlineData("[Piece]\ngo : @1", 2, "without parts")]
    [InlineData("[Piece]\ngo : go @cheap", 2, "'@cheap' is no price")]
    [InlineData("[Piece]\ngo : go @-1", 2, "'@-1' is no price")]
    [InlineData("[Piece]\ngo : go @1e9", 2, "'@1e9' is no price")]
    [InlineData("[Piece]\ngo : go ,? @1", 2, "nothing follows the comma")]
    [InlineData("[Piece]\ngo : go ( there | here", 2, "a '(' is not closed")]
    [InlineData("[Piece]\ngo : go there )", 2, "')' is not expected here")]
    [InlineData("[Piece]\ngo : go | drive", 2, "'|' is not expected here")]
    [InlineData("[Piece]\ngo : go ( | drive )", 2, "empty alternative")]
    [InlineData("[Piece]\ngo : go ( drive | )", 2, "empty alternative")]
    [InlineData("[Piece]\ngo : go ()", 2, "empty alternative")]
    [InlineData("[Piece]\ngo : ? go", 2, "'?' is not expected here")]
    [InlineData("[Piece]\ngo : go ? *", 2, "'*' is not expected here")]
    [InlineData("[Piece]\ngo : + go", 2, "'+' is not expected here")]
    [InlineData("[Piece]\ngo : , go there", 2, "comma")]
    [InlineData("[Piece]\ngo : go % there", 2, "'%'")]
    [InlineData("[Piece]\ngo : go <verbs there", 2, "'<'")]
    public void A_fault_of_the_notation_is_one_line_with_file_and_row(string text, int row, string what)
    {
        var fault = Assert.Throws<InvalidDataException>(() => TestGrammar.Read(text)).Message;
        Assert.StartsWith($"test.grammar, row {row}: ", fault, StringComparison.Ordinal);
        Assert.Contains(what, fault, StringComparison.Ordinal);
        Assert.DoesNotContain('\n', fault);
    }

    [Theory]
    [InlineData("[Piece]\na : b\nc : Missing d", 3, "[Missing]")]
    [InlineData("[Piece]\na : ( b | Missing )", 2, "[Missing]")]
    [InlineData("[Piece]\na : b\n- : c?", 3, "[Piece]")]
    [InlineData("[Piece]\na : c? ( d e )*", 2, "[Piece]")]
    public void A_fault_between_lines_names_file_row_and_symbol(string text, int row, string symbol)
    {
        var fault = Assert.Throws<InvalidDataException>(() => TestGrammar.Of(text)).Message;
        Assert.Contains(symbol, fault, StringComparison.Ordinal);
        Assert.Contains($"test.grammar, row {row}", fault, StringComparison.Ordinal);
        Assert.DoesNotContain('\n', fault);
    }

    [Theory]
    [InlineData("[Piece]\n- : Piece\na : b")]
    [InlineData("[Piece]\n- : Task\na : b\n[Task]\n- : Deed\n[Deed]\n- : Task\nc : d")]
    [InlineData("[Piece]\n- : please? Piece\na : b")]
    [InlineData("[Piece]\n- : ( Task )\n[Task]\n- : Piece+\na : b")]
    public void A_symbol_that_is_made_of_itself_alone_is_a_fault(string text)
    {
        var fault = Assert.Throws<InvalidDataException>(() => TestGrammar.Of(text)).Message;
        Assert.Matches(@"\[.*(Piece|Task|Deed).*\] of itself", fault);
        Assert.DoesNotContain('\n', fault);
    }

    [Fact]
    public void A_line_is_label_parts_and_price()
    {
        var read = TestGrammar.Read("""
            # what is said

            [Piece]
            go : go <places:home>? ,? ( now | at once )+ @0.25
            - : Task
            """);
        Assert.Equal(["go", null], read.Select(alternative => alternative.Label));
        Assert.Equal([0.25f, 0], read.Select(alternative => alternative.Price));
        Assert.Equal(["Piece", "Piece"], read.Select(alternative => alternative.Symbol));
        var parts = read[0].Parts;
        Assert.Equal(["go", "<places:home>", ""], parts.Select(part => part.Name));
        Assert.Equal([Junction.Close, Junction.Close, Junction.Loose], parts.Select(part => part.Before));
        Assert.Equal([false, true, false], parts.Select(part => part.Optional));
        Assert.Equal([false, false, true], parts.Select(part => part.Repeats));
        Assert.Equal(["now", "at once"], parts[2].Group.Select(one => string.Join(' ', one.Select(part => part.Name))));
    }
}
