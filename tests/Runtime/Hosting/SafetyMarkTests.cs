using System.Text;
using EdgePerception.Policy.Safety;
using EdgePerception.Runtime.Hosting;
using EdgePerception.Sensors.Time;

namespace EdgePerception.Runtime.Tests.Hosting;

/// <summary>What a mark says, and what a start makes of it.</summary>
public sealed class SafetyMarkTests
{
    private const string Unclean = "the last run did not end in order (power cut, crash or kill)";
    private static readonly DateTimeOffset Then = new(2026, 1, 2, 3, 4, 5, TimeSpan.Zero);

    [Theory]
    [InlineData(SafetyMarkState.Running, null)]
    [InlineData(SafetyMarkState.Ended, null)]
    [InlineData(SafetyMarkState.Running, "a message on the halt topic")]
    [InlineData(SafetyMarkState.Ended, "ein \"Halt\", gerufen\nüber zwei Zeilen")]
    public void It_is_read_as_it_was_written(SafetyMarkState state, string? cause)
    {
        var mark = new SafetyMark(state, cause is null ? null : new MarkedHalt("h1-1", cause, Then));
        var read = SafetyMark.Parse(mark.ToBytes("robot"), "robot");
        var visible = cause?.Replace("\n", "\\u000A", StringComparison.Ordinal);
        Assert.Equal((state, visible), (read.State, read.Halt?.Cause));
        Assert.Equal(cause is null ? null : Then, read.Halt?.Since);
    }

    [Fact]
    public void An_orderly_end_without_a_halt_alone_lets_the_next_start_begin()
    {
        Assert.Null(new SafetyMark(SafetyMarkState.Ended).CauseToHalt);
        Assert.Equal(Unclean, new SafetyMark(SafetyMarkState.Running).CauseToHalt);
        Assert.Equal(
            "a halt stood when the last run ended: too hot", Halted(SafetyMarkState.Ended, "too hot").CauseToHalt);
        Assert.Equal($"{Unclean}; a halt stood: too hot", Halted(SafetyMarkState.Running, "too hot").CauseToHalt);
    }

    [Fact]
    public void What_is_carried_from_run_to_run_does_not_grow()
    {
        foreach (var (first, then) in new[]
                 {
                     (SafetyMarkState.Ended, SafetyMarkState.Ended),
                     (SafetyMarkState.Ended, SafetyMarkState.Running),
                     (SafetyMarkState.Running, SafetyMarkState.Ended),
                     (SafetyMarkState.Running, SafetyMarkState.Running),
                 })
        {
            var once = Halted(then, Halted(first, "too hot").CauseToHalt!).CauseToHalt!;
            Assert.Contains("too hot", once, StringComparison.Ordinal);
            Assert.Equal(once, Halted(then, once).CauseToHalt);
        }
    }

    [Fact]
    public void A_cause_without_end_is_cut()
    {
        var halt = new HaltNote(1, "h1", new string('x', 100_000), "", new SensorTime(TimeSpan.Zero, Then));
        Assert.InRange(SafetyMark.Of(SafetyMarkState.Ended, halt).ToBytes("robot").Length, 500, 1_000);
    }

    [Fact]
    public void Each_cut_and_each_byte_that_is_no_text_any_more_is_refused()
    {
        var bytes = Halted(SafetyMarkState.Ended, "too hot").ToBytes("robot");
        for (var length = 0; length < bytes.Length; length++) Refused(bytes[..length], "is damaged");
        for (var i = 0; i < bytes.Length; i++)
        {
            var damaged = bytes.ToArray();
            damaged[i] = 0;
            Refused(damaged, "is damaged");
        }
    }

    [Theory]
    [InlineData("""{"version":2,"device":"robot","state":"resting","since":1}""", "is of version 2")]
    [InlineData("""{"version":1,"device":"other","state":"ended","halt":null}""", "is of device 'other'")]
    [InlineData("""{"version":1,"device":"ro\u001bbot","state":"ended","halt":null}""", "is of device 'ro\\u001Bbot'")]
    [InlineData("""{"version":1,"device":"robot","state":"asleep","halt":null}""", "is damaged")]
    [InlineData("""{"version":1,"device":"robot","state":1,"halt":null}""", "is damaged")]
    [InlineData("""{"version":1,"device":"robot","state":"ended"}""", "is damaged")]
    [InlineData("""{"version":1,"device":"robot","state":"ended","halt":null,"more":1}""", "is damaged")]
    [InlineData("""{"version":1,"device":"robot","state":"running","state":"ended","halt":null}""", "is damaged")]
    [InlineData("""{"version":1,"device":"robot","state":"ended","halt":{"id":null,"cause":"c","since":"x"}}""", "is damaged")]
    [InlineData("""{"version":1,"device":null,"state":"ended","halt":null}""", "is damaged")]
    [InlineData("""{"device":"robot","state":"ended","halt":null}""", "is damaged")]
    [InlineData("""{"version":0,"device":"robot","state":"ended","halt":null}""", "is damaged")]
    [InlineData("[]", "is damaged")]
    [InlineData("null", "is damaged")]
    [InlineData("1", "is damaged")]
    public void What_is_foreign_of_the_future_or_no_mark_is_refused(string text, string reason) =>
        Refused(Encoding.UTF8.GetBytes(text), reason);

    private static SafetyMark Halted(SafetyMarkState state, string cause) =>
        new(state, new MarkedHalt("h1-1", cause, Then));

    private static void Refused(byte[] bytes, string reason) => Assert.Contains(
        reason, Assert.Throws<InvalidDataException>(() => SafetyMark.Parse(bytes, "robot")).Message,
        StringComparison.Ordinal);
}
