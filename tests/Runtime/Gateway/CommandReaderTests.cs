using System.Globalization;
using System.Text;
using EdgePerception.Runtime.Gateway;
using EdgePerception.Runtime.Messaging.Messages;
using FsCheck;
using FsCheck.Fluent;
using FsCheck.Xunit;

namespace EdgePerception.Runtime.Tests.Gateway;

/// <summary>Whatever stands on the command topic, there is a command or a list of what is wrong with it.</summary>
public sealed class CommandReaderTests
{
    private readonly CommandReader _reader = new("edge/robot/reply/");

    [Fact]
    public void A_whole_command_is_read()
    {
        var command = Accepted("""
            {"id":"ui-7","text":"bring me the red mug","issuedAt":"2026-05-04T12:00:00.123456789+02:00","ttlMs":5000,"replyTo":"edge/robot/reply/ui-7"}
            """);
        Assert.Equal("ui-7", command.Id);
        Assert.Equal("bring me the red mug", command.Text);
        Assert.Equal(new DateTimeOffset(2026, 5, 4, 10, 0, 0, TimeSpan.Zero).AddTicks(1234567),
            command.IssuedAt.ToDateTimeOffset());
        Assert.Equal(5000u, command.TtlMs);
        Assert.Equal("edge/robot/reply/ui-7", command.ReplyTo);
    }

    [Theory]
    [InlineData("\"2026-05-04T12:00:00Z\"")]
    [InlineData("\"2026-05-04t12:00:00.000z\"")]
    [InlineData("\"2026-05-04T14:00:00+02:00\"")]
    [InlineData("1777896000000")]
    [InlineData("1.777896e12")]
    public void An_instant_is_text_or_milliseconds(string issuedAt) =>
        Assert.Equal(new DateTimeOffset(2026, 5, 4, 12, 0, 0, TimeSpan.Zero),
            Accepted($$"""{"id":"a","text":"go","issuedAt":{{issuedAt}}}""").IssuedAt.ToDateTimeOffset());

    [Theory]
    [InlineData("2026-05-04 12:00:00Z", "2026-05-04T12:00:00")]
    [InlineData("2026-05-04T12:00:00-00:00", "2026-05-04T12:00:00")]
    [InlineData("2026-05-05T11:59:00+23:59", "2026-05-04T12:00:00")]
    [InlineData("2026-05-03T12:01:00-23:59", "2026-05-04T12:00:00")]
    [InlineData("2024-02-29T12:00:00Z", "2024-02-29T12:00:00")]
    [InlineData("2026-05-04T12:00:00.5Z", "2026-05-04T12:00:00.5")]
    [InlineData("2026-05-04T12:00:00.1234567890123456789012345678901234567890Z", "2026-05-04T12:00:00.1234567")]
    [InlineData("2016-12-31T23:59:60Z", "2016-12-31T23:59:59")]
    [InlineData("2016-12-31t23:59:60.75z", "2016-12-31T23:59:59.75")]
    [InlineData("2016-12-31T15:59:60-08:00", "2016-12-31T23:59:59")]
    [InlineData("2017-01-01T05:44:60+05:45", "2016-12-31T23:59:59")]
    [InlineData("0001-01-01T00:00:00Z", "0001-01-01T00:00:00")]
    [InlineData("9999-12-31T23:59:59.9999999Z", "9999-12-31T23:59:59.9999999")]
    public void All_that_rfc_3339_permits_is_an_instant_and_a_leap_second_the_one_before(string issuedAt, string utc) =>
        Assert.Equal(
            DateTimeOffset.Parse(utc, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal),
            Accepted($$"""{"id":"a","text":"go","issuedAt":"{{issuedAt}}"}""").IssuedAt.ToDateTimeOffset());

    [Theory]
    [InlineData("2026-05-04T12:00:60Z")]
    [InlineData("2016-12-31T23:59:60+01:00")]
    [InlineData("2016-12-31T23:59:61Z")]
    [InlineData("2026-05-04T24:00:00Z")]
    [InlineData("2026-05-04T12:60:00Z")]
    [InlineData("2026-13-04T12:00:00Z")]
    [InlineData("2026-00-04T12:00:00Z")]
    [InlineData("2026-05-00T12:00:00Z")]
    [InlineData("2025-02-29T12:00:00Z")]
    [InlineData("0000-01-01T00:00:00Z")]
    [InlineData("0001-01-01T00:00:00+00:01")]
    [InlineData("9999-12-31T23:59:59-00:01")]
    [InlineData("2026-05-04T12:00:00")]
    [InlineData("2026-05-04T12:00:00+24:00")]
    [InlineData("2026-05-04T12:00:00+01:60")]
    [InlineData("2026-05-04T12:00:00+0100")]
    [InlineData("2026-05-04T12:00:00.Z")]
    [InlineData("2026-05-04T12:00Z")]
    [InlineData("2026-05-04T12:00:00Z\\n")]
    [InlineData(" 2026-05-04T12:00:00Z")]
    [InlineData("٢026-05-04T12:00:00Z")]
    [InlineData("２026-05-04T12:00:00Z")]
    [InlineData("20260504T120000Z")]
    [InlineData("May 4, 2026")]
    [InlineData("")]
    public void What_rfc_3339_does_not_permit_is_no_instant(string issuedAt)
    {
        var reading = Read($$"""{"id":"a","text":"go","issuedAt":"{{issuedAt}}"}""");
        Assert.StartsWith("issuedAt: neither", Assert.Single(reading.Faults), StringComparison.Ordinal);
    }

    [Fact]
    public void What_is_optional_may_be_missing_or_null_and_names_may_be_in_snake_case()
    {
        var bare = Accepted("""{"id":"a","text":"go"}""");
        Assert.Equal((null, 0u, ""), (bare.IssuedAt, bare.TtlMs, bare.ReplyTo));
        Assert.Equal(bare, Accepted("""{"id":"a","text":"go","issuedAt":null,"ttlMs":null,"replyTo":null}"""));
        Assert.Equal(bare, Accepted("""{"id":"a","text":"go","ttlMs":0,"replyTo":"","sender":""}"""));
        var snake =
            Accepted("""{"id":"a","text":"go","issued_at":1000,"ttl_ms":"5000","reply_to":"edge/robot/reply/x"}""");
        Assert.Equal((1, 5000u, "edge/robot/reply/x"), (snake.IssuedAt.Seconds, snake.TtlMs, snake.ReplyTo));
    }

    [Fact]
    public void Fields_that_are_not_known_are_passed_over_and_counted()
    {
        var reading = Read("""{"id":"a","priority":9,"context":{"deep":[1,2,{"id":"x"}]},"text":"go"}""");
        Assert.NotNull(reading.Command);
        Assert.Equal(("a", 2), (reading.Id, reading.UnknownFields));
    }

    [Theory]
    [InlineData("""{"text":"go"}""", "id: missing", "")]
    [InlineData("""{"id":"","text":"go"}""", "id: must be 1 to 64", "")]
    [InlineData("""{"id":"a/b","text":"go"}""", "id: must be 1 to 64", "")]
    [InlineData("""{"id":"a+","text":"go"}""", "id: must be 1 to 64", "")]
    [InlineData("""{"id":"ä","text":"go"}""", "id: must be 1 to 64", "")]
    [InlineData("""{"id":7,"text":"go"}""", "id: must be a string", "")]
    [InlineData("""{"id":"aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa","text":"go"}""",
        "id: must be 1 to 64", "")]
    [InlineData("""{"id":"a"}""", "text: missing", "a")]
    [InlineData("""{"id":"a","text":""}""", "text: empty", "a")]
    [InlineData("""{"id":"a","text":" \n\t "}""", "text: empty", "a")]
    [InlineData("""{"id":"a","text":["go"]}""", "text: must be a string", "a")]
    [InlineData("""{"id":"a","text":"\ud800"}""", "text: escapes that are no character", "a")]
    [InlineData("""{"id":"a","text":"go","ttlMs":0.5}""", "ttlMs: must be a whole number from 1 to 600000", "a")]
    [InlineData("""{"id":"a","text":"go","ttlMs":600001}""", "ttlMs", "a")]
    [InlineData("""{"id":"a","text":"go","ttlMs":1.5}""", "ttlMs", "a")]
    [InlineData("""{"id":"a","text":"go","ttlMs":-1}""", "ttlMs", "a")]
    [InlineData("""{"id":"a","text":"go","ttlMs":1e300}""", "ttlMs", "a")]
    [InlineData("""{"id":"a","text":"go","ttlMs":{"x":[]}}""", "ttlMs", "a")]
    [InlineData("""{"id":"a","text":"go","issuedAt":"yesterday"}""", "issuedAt: neither", "a")]
    [InlineData("""{"id":"a","text":"go","issuedAt":"2026-02-30T00:00:00Z"}""", "issuedAt: neither", "a")]
    [InlineData("""{"id":"a","text":"go","issuedAt":"2026-05-04 12:00:00"}""", "issuedAt: neither", "a")]
    [InlineData("""{"id":"a","text":"go","issuedAt":9e18}""", "issuedAt: not a whole number", "a")]
    [InlineData("""{"id":"a","text":"go","issuedAt":true}""", "issuedAt: must be a string", "a")]
    [InlineData("""{"id":"a","text":"go","sender":"a b"}""", "sender: must be 1 to 64 letters", "a")]
    [InlineData("""{"id":"a","text":"go","sender":7}""", "sender: must be a string", "a")]
    [InlineData("""{"id":"a","text":"go","sender":"x","sender":"y"}""", "sender: given more than once", "a")]
    [InlineData("""{"id":"a","text":"go","replyTo":"edge/robot/halt"}""",
        "replyTo: must be a topic below 'edge/robot/reply/'", "a")]
    [InlineData("""{"id":"a","text":"go","replyTo":"edge/robot/reply/"}""", "replyTo", "a")]
    [InlineData("""{"id":"a","text":"go","replyTo":"edge/robot/reply/#"}""", "replyTo", "a")]
    [InlineData("""{"id":"a","text":"go","replyTo":"edge/robot/reply/a b"}""", "replyTo", "a")]
    [InlineData("""{"id":"a","text":"go","text":"stop"}""", "text: given more than once", "a")]
    [InlineData("""{"id":"a","text":"go","ttlMs":1,"ttl_ms":2}""", "ttlMs: given more than once", "a")]
    [InlineData("""{"id":"a","id":"b","text":"go"}""", "id: given more than once", "")]
    [InlineData("""[1,2]""", "a JSON object is expected", "")]
    [InlineData("\"stop\"", "a JSON object is expected", "")]
    [InlineData("", "not JSON at line 1, byte 1", "")]
    [InlineData("stop", "not JSON at line 1, byte 1", "")]
    [InlineData("""{"id":"a","text":"go"} x""", "not JSON at line 1, byte 24", "a")]
    [InlineData("""{"id":"a","text":"go",}""", "not JSON at line 1", "a")]
    [InlineData("{\"id\":\"a\",\n\"text\": go}", "not JSON at line 2, byte 9", "a")]
    [InlineData("""{"id":"a","text":"go" """, "not JSON", "a")]
    public void A_fault_says_what_and_where_and_keeps_the_id(string json, string fault, string id)
    {
        var reading = Read(json);
        Assert.Null(reading.Command);
        Assert.StartsWith(fault, Assert.Single(reading.Faults), StringComparison.Ordinal);
        Assert.Equal(id, reading.Id);
        Assert.Equal(GroundingAnswer.Types.Outcome.Refuse, reading.ToRefusal().Outcome);
    }

    [Theory]
    [InlineData("""{"id":"a","text":"go"}""", true)]
    [InlineData("""{"id":7,"text":"go","ttlMs":-1,"note":{"text":[]}}""", true)]
    [InlineData("""{"id":"a","text":"go","text":"stop"}""", false)]
    [InlineData("""{"id":"a","text":"go" """, false)]
    [InlineData("""{"id":"a","text":"go"} x""", false)]
    [InlineData("""{"id":"a"}""", false)]
    [InlineData("""{"id":"a","text":""}""", false)]
    [InlineData("""["go"]""", false)]
    public void The_text_is_all_that_was_said_where_there_is_one_in_a_whole_object(string json, bool says) =>
        Assert.Equal(says, Read(json).SaysText);

    [Fact]
    public void All_faults_are_said_at_once() =>
        Assert.Equal(3, Read("""{"id":"a","text":"","ttlMs":-1,"replyTo":"#"}""").Faults.Count);

    [Fact]
    public void Length_counts_characters_not_bytes()
    {
        Accepted($$"""{"id":"a","text":"{{string.Concat(Enumerable.Repeat("😀", 2000))}}"}""");
        Assert.Equal(["text: 2,001 characters; at most 2,000 are allowed"],
            Read($$"""{"id":"a","text":"{{new string('ä', 2001)}}"}""").Faults);
    }

    [Fact]
    public void Too_many_bytes_wrong_bytes_and_deep_nesting_are_refused()
    {
        Assert.Equal(["65,537 bytes; at most 65,536 are allowed"], _reader.Read(new byte[65_537]).Faults);
        Assert.Equal(["not UTF-8 at byte 9"], _reader.Read([.. "{\"id\":\"a"u8, 0xC3, 0x28]).Faults);
        Assert.StartsWith("not JSON", Read($$"""{"id":"a","text":"go","x":{{new string('[', 30_000)}}""").Faults[0],
            StringComparison.Ordinal);
        Assert.NotNull(_reader.Read([0xEF, 0xBB, 0xBF, .. "{\"id\":\"a\",\"text\":\"go\"}"u8]).Command);
    }

    [Property(MaxTest = 2000, Replay = "17,31")]
    public void No_bytes_throw_and_what_comes_out_is_within_its_bounds(byte[] bytes) => Bounded(_reader.Read(bytes));

    [Property(MaxTest = 2000, Replay = "17,31")]
    public Property No_damaged_command_throws()
    {
        var whole =
            """{"id":"ui-7","text":"bring me the mug","issuedAt":"2026-05-04T12:00:00Z","ttlMs":5000,"replyTo":"edge/robot/reply/x"}"""u8.ToArray();
        var damage = Gen.Choose(0, whole.Length - 1).Zip(Gen.Choose(0, 255)).ListOf(3);
        return Prop.ForAll(damage.ToArbitrary(), changes =>
        {
            var bytes = whole.ToArray();
            foreach (var (at, value) in changes) bytes[at] = (byte)value;
            Bounded(_reader.Read(bytes));
        });
    }

    private static void Bounded(CommandReading reading)
    {
        Assert.Equal(reading.Command is null, reading.Faults.Count > 0);
        if (reading.Command is not { } command) return;
        Assert.Matches("^[A-Za-z0-9._-]{1,64}$", command.Id);
        Assert.InRange(command.Text.EnumerateRunes().Count(), 1, 2000);
        Assert.InRange(command.TtlMs, 0u, 600_000u);
        Assert.True(command.ReplyTo.Length == 0
            || command.ReplyTo.StartsWith("edge/robot/reply/", StringComparison.Ordinal));
    }

    private Command Accepted(string json)
    {
        var reading = Read(json);
        Assert.Empty(reading.Faults);
        return reading.Command!;
    }

    private CommandReading Read(string json) => _reader.Read(Encoding.UTF8.GetBytes(json));
}
