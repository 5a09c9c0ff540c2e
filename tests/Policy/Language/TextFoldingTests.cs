using System.Text;
using EdgePerception.Policy.Language;
using FsCheck.Xunit;

namespace EdgePerception.Policy.Tests.Language;

public class TextFoldingTests
{
    [Theory]
    [InlineData("Stop", "stop")]
    [InlineData("Crème Brûlée ÀÉÎÕÜ ñ ç", "creme brulee aeiou n c")]
    [InlineData("e\u0301a\u0308", "ea")]
    [InlineData("ＳＴＯＰ！", "stop!")]
    [InlineData("𝐒𝓽𝚘𝕡", "stop")]
    [InlineData("ⓢ🅃🅾🇵", "stop")]
    [InlineData("ѕтор ЅТОР", "stop stop")]
    [InlineData("ˢᵗₒₚ", "stop")]
    [InlineData("straße œuvre æon ﬁx ǆ", "strasse oeuvre aeon fix dz")]
    [InlineData("don’t ‘it’ `x`", "don't 'it' 'x'")]
    [InlineData("a\u00adb\u200bc\u202ed\ufeffe\u0000f", "abcdef")]
    [InlineData("a\u00a0b\u2003c\td\ne", "a b c\td\ne")]
    [InlineData("٣ ९ ⑫ ㎝", "3 9 12 cm")]
    [InlineData("👋🏽 ½ 日本 ж", "👋 ½ 日本 ж")]
    [InlineData("non‑stop −1", "non-stop -1")]
    public void A_character_reads_as_its_plain_form(string text, string folded) =>
        Assert.Equal(folded, TextFolding.Fold(text));

    [Fact]
    public void Every_character_folds_to_at_most_what_is_promised_and_that_stays_as_it_is()
    {
        Span<char> folded = stackalloc char[TextFolding.MaxLength];
        for (var value = 0; value <= 0x10FFFF; value++)
        {
            if (!Rune.IsValid(value)) continue;
            var once = folded[..TextFolding.Fold(new Rune(value), folded)].ToString();
            Assert.Equal(once, TextFolding.Fold(once));
        }
    }

    [Property(MaxTest = 200)]
    public bool Any_text_folds_character_by_character(string? before, string? after) =>
        TextFolding.Fold(before + " " + after) == TextFolding.Fold(before) + " " + TextFolding.Fold(after);

    [Theory]
    [InlineData("a b", "row 1")]
    [InlineData("# x\n\nabcdefg : x", "row 3")]
    public void A_fault_is_one_line_with_file_and_row(string text, string row)
    {
        var thrown = Assert.Throws<InvalidDataException>(() => TextFolding.Read(new StringReader(text)));
        Assert.StartsWith($"folding.txt {row}: ", thrown.Message, StringComparison.Ordinal);
    }
}
