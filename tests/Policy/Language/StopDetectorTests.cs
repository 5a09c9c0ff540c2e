using EdgePerception.Policy.Language;
using FsCheck;
using FsCheck.Fluent;
using FsCheck.Xunit;

namespace EdgePerception.Policy.Tests.Language;

/// <summary>What halts, said in every way of <c>StopSentences</c>, and what does not.</summary>
public class StopDetectorTests
{
    /// <summary>Marks that speech does not have; a recognizer writes none of them.</summary>
    private static readonly char[] Marks = ['.', ',', '!', '?', ';', ':', '"', '(', ')', '—', '…'];

    [Theory]
    [MemberData(nameof(StopSentences.Halting), MemberType = typeof(StopSentences))]
    public void A_command_to_stop_is_recognized(string text)
    {
        Assert.True(StopDetector.IsStop(text));
        Assert.Equal(RobotActionKind.Stop, Assert.Single(CommandParser.Parse(text).Steps).Action);
    }

    [Theory]
    [MemberData(nameof(StopSentences.Halting), MemberType = typeof(StopSentences))]
    public void A_command_to_stop_is_recognized_without_marks_shouted_and_with_room_around(string text)
    {
        var plain = string.Concat(text.Split(Marks));
        Assert.True(StopDetector.IsStop(plain), plain);
        Assert.True(StopDetector.IsStop(text.ToUpperInvariant()));
        Assert.True(StopDetector.IsStop(plain.ToUpperInvariant()));
        Assert.True(StopDetector.IsStop($"  \t{text}\r\n"));
        Assert.True(StopDetector.IsStop($"please {plain} please"));
    }

    [Theory]
    [MemberData(nameof(StopSentences.Moving), MemberType = typeof(StopSentences))]
    public void What_is_no_command_to_stop_is_left_alone(string text)
    {
        Assert.False(StopDetector.IsStop(text));
        Assert.False(StopDetector.IsStop(text.ToUpperInvariant()));
        Assert.False(StopDetector.IsStop(text + " please"));
    }

    [Theory]
    [MemberData(nameof(StopSentences.Moving), MemberType = typeof(StopSentences))]
    public void An_order_with_a_stop_behind_it_or_before_it_halts_also_in_speech_without_marks(string text)
    {
        Assert.True(StopDetector.IsStop(text + " stop"), text + " stop");
        Assert.True(StopDetector.IsStop("stop " + text), "stop " + text);
        Assert.True(StopDetector.IsStop(text + ". Halt!"));
        Assert.True(StopDetector.IsStop("freeze, " + text));
    }

    [Theory]
    [InlineData(null)]
    [InlineData("")]
    [InlineData(" \0\ud800\udc00\uffff")]
    public void Nothing_is_no_stop(string? text) => Assert.False(StopDetector.IsStop(text));

    [Property(MaxTest = 300)]
    public bool A_sentence_of_its_own_halts_between_any_two_texts(string? before, string? after) =>
        StopDetector.IsStop($"{before}. Stop! {after}") && StopDetector.IsStop($"{before}\nSTOP\n{after}");

    [Property(MaxTest = 300)]
    public bool A_stop_at_the_end_halts_whatever_words_of_an_order_come_first(int seed) =>
        StopDetector.IsStop(Words(seed) + " oh no stop");

    [Property(MaxTest = 300)]
    public bool Any_text_is_judged_the_same_each_time_and_throws_nothing(string? text) =>
        StopDetector.IsStop(text) == StopDetector.IsStop(text) && !StopDetector.IsStop(Letterless(text));

    [Property(MaxTest = 20)]
    public Property A_hundred_thousand_characters_of_any_kind_are_searched_to_their_end(int seed)
    {
        var random = new System.Random(seed);
        var any = string.Create(100_000, random, static (text, random) =>
        {
            foreach (ref var character in text) character = (char)random.Next(0x10000);
        });
        return (StopDetector.IsStop(any + ". stop") && StopDetector.IsStop("stop. " + any)).ToProperty();
    }

    [Theory]
    [InlineData("s ")]
    [InlineData("st ")]
    [InlineData("sto")]
    [InlineData("stopstopstopx")]
    [InlineData("do not ")]
    [InlineData("please ")]
    [InlineData("a second ")]
    [InlineData("the first ")]
    [InlineData("the bus stop and ")]
    [InlineData("you to ever just ")]
    [InlineData("don't you ever stop ")]
    [InlineData("why don't you ")]
    [InlineData("😀")]
    [InlineData("\u0301")]
    [InlineData("\ud800")]
    [InlineData("...")]
    public void A_text_made_to_be_slow_is_searched_in_memory_that_grows_with_its_length(string piece)
    {
        var small = Allocated(Repeated(piece, 4_000));
        var large = Allocated(Repeated(piece, 64_000));
        Assert.True(large <= (small + 4_096) * 32, $"{small} bytes for 4,000 characters, {large} for 64,000");
        Assert.True(StopDetector.IsStop(Repeated(piece, 60_000) + ". stop"));
    }

    private static string Repeated(string piece, int length) =>
        string.Concat(Enumerable.Repeat(piece, length / piece.Length));

    private static long Allocated(string text)
    {
        StopDetector.IsStop(text);
        var before = GC.GetAllocatedBytesForCurrentThread();
        StopDetector.IsStop(text);
        return GC.GetAllocatedBytesForCurrentThread() - before;
    }

    private static string? Letterless(string? text) =>
        text is null ? null : string.Concat(text.Where(character => character < 'A'));

    private static string Words(int seed)
    {
        var words = "go to the first bus don't never follow person who and a red wait says that not".Split(' ');
        var random = new System.Random(seed);
        return string.Join(' ', Enumerable.Range(0, random.Next(1, 12)).Select(_ => words[random.Next(words.Length)]));
    }
}
