using EdgePerception.Sensors.Capture;
using EdgePerception.Sensors.Diagnostics;
using FsCheck;
using FsCheck.Fluent;
using FsCheck.Xunit;

namespace EdgePerception.Sensors.Tests.Capture;

/// <summary>The small rules that cameras and microphones share.</summary>
public sealed class SourceRulesTests
{
    [Theory]
    [InlineData("freeze@100", SyntheticFault.Freeze, 100)]
    [InlineData("error@0", SyntheticFault.Error, 0)]
    [InlineData("end@20", SyntheticFault.End, 20)]
    public void A_fault_is_a_name_and_a_number(string text, SyntheticFault kind, long at)
    {
        Assert.True(SyntheticFaultAt.TryRead(text, out var fault));
        Assert.Equal(new SyntheticFaultAt(kind, at), fault);
    }

    [Theory]
    [InlineData("")]
    [InlineData("freeze")]
    [InlineData("freeze@")]
    [InlineData("@5")]
    [InlineData("freeze@-1")]
    [InlineData("freeze@+1")]
    [InlineData("freeze@1.5")]
    [InlineData("freeze@ 1")]
    [InlineData("freeze@1@2")]
    [InlineData("Freeze@1")]
    [InlineData("0@1")]
    [InlineData("freeze@99999999999999999999")]
    public void Anything_else_is_no_fault(string text)
    {
        Assert.False(SyntheticFaultAt.TryRead(text, out var fault));
        Assert.Null(fault);
    }

    [Fact]
    public void No_fault_is_asked_for_by_nothing() =>
        Assert.Equal((true, null), (SyntheticFaultAt.TryRead(null, out var fault), fault));

    [Theory]
    [InlineData("a", true)]
    [InlineData("Front_left-2", true)]
    [InlineData("12345678901234567890123456789012", true)]
    [InlineData("123456789012345678901234567890123", false)]
    [InlineData("", false)]
    [InlineData("front left", false)]
    [InlineData("front.left", false)]
    [InlineData("küche", false)]
    [InlineData("a\n", false)]
    public void A_name_fits_into_topics_metrics_and_files(string name, bool isRight) => Assert.Equal(
        isRight ? null : $"'{name}' must be 1 to 32 letters, digits, _ or -", SourceName.Fault(name));

    [Theory]
    [InlineData(true, false, true)]
    [InlineData(true, true, false)]
    [InlineData(false, false, false)]
    [InlineData(false, true, false)]
    public void A_recording_is_a_file_that_does_not_begin_again(bool isFile, bool loops, bool expected) => Assert.Equal(
        expected, new CaptureLife(SourceKind.Camera, "front", isFile, loops, 1, 1, new Redaction()).IsRecording);

    [Property]
    public Property Waits_double_up_to_the_longest_and_begin_anew_after_a_steady_time() => Prop.ForAll(
        Gen.ListOf(Gen.Choose(0, 20)).ToArbitrary(), seconds =>
        {
            var backoff = new Backoff();
            var row = 0;
            foreach (var ran in seconds.Select(second => TimeSpan.FromSeconds(second)))
            {
                row = ran >= Backoff.Stable ? 1 : row + 1;
                var expected = Backoff.First * Math.Pow(2, Math.Min(row - 1, 30));
                if (backoff.Fail(ran) != (expected < Backoff.Longest ? expected : Backoff.Longest)) return false;
                if (backoff.Failures != row) return false;
            }

            return true;
        });
}
