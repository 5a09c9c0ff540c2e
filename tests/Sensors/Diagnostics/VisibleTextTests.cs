using System.Text.Json;
using EdgePerception.Sensors.Diagnostics;
using EdgePerception.Tests.Support;
using FsCheck;
using FsCheck.Fluent;
using FsCheck.Xunit;

namespace EdgePerception.Sensors.Tests.Diagnostics;

public sealed class VisibleTextTests
{
    private static readonly Gen<string> Texts = Gen.OneOf(
        Gen.Elements(HiddenCharacters.Samples),
        Gen.Elements("follow", " the ", "Ünïcödé", "人", "😀", "\\", "\\u202E", "\"", "e\u0301"),
        ArbMap.Default.GeneratorFor<string>().Where(text => text is not null)).ListOf().Select(string.Concat);

    [Theory]
    [InlineData("stop\e[2J", "stop\\u001B[2J")]
    [InlineData("a\r\nb", "a\\u000D\\u000Ab")]
    [InlineData("\u202Egnp.exe", "\\u202Egnp.exe")]
    [InlineData("one\u2028two", "one\\u2028two")]
    [InlineData("tag\U000E0041", "tag\\uDB40\\uDC41")]
    public void What_is_not_seen_is_written_out(string text, string visible) =>
        Assert.Equal(visible, VisibleText.Of(text));

    [Fact]
    public void Half_a_pair_is_written_out() => Assert.Equal("half \\uD83D pair", VisibleText.Of("half \ud83d pair"));

    [Theory]
    [InlineData("")]
    [InlineData("bring me the red mug, \"please\" \\ ~")]
    [InlineData("Ünïcödé e\u0301 人 😀 ‱ עברית العربية")]
    public void What_is_seen_stays_as_it_is(string text) => Assert.Same(text, VisibleText.Of(text));

    [Property(MaxTest = 1000, Replay = "17,31")]
    public Property No_text_keeps_a_character_that_is_not_seen() => Prop.ForAll(Texts.ToArbitrary(), text =>
    {
        var visible = VisibleText.Of(text);
        return HiddenCharacters.In(visible).Count == 0 && !HasHalfPair(visible) && VisibleText.Of(visible) == visible;
    });

    [Property(MaxTest = 1000, Replay = "17,31")]
    public Property JSON_says_the_same_as_before() => Prop.ForAll(Texts.ToArbitrary(), text =>
    {
        var whole = string.Concat(text.EnumerateRunes());
        // As sparingly escaped as JSON allows, so that much is left to be made visible.
        var sparing = string.Concat(whole.Select(c => c < ' ' || c is '"' or '\\' ? $"\\u{(int)c:x4}" : $"{c}"));
        var json = $"{{\"said\":\"{sparing}\"}}";
        return JsonElement.Parse(VisibleText.Of(json)).GetProperty("said").GetString() == whole;
    });

    private static bool HasHalfPair(string text) => string.Concat(text.EnumerateRunes()) != text;
}
