using EdgePerception.Runtime.Messaging.Encoding;
using EdgePerception.Runtime.Messaging.Messages;
using EdgePerception.Tests.Support;
using Google.Protobuf;
using Google.Protobuf.WellKnownTypes;

namespace EdgePerception.Runtime.Tests.Messaging;

/// <summary>
/// Our JSON against that of Google's JsonFormatter, which reads the messages in place of their bytes.
/// </summary>
public sealed class JsonEncodingTests
{
    private static readonly JsonFormatter Reference = new(JsonFormatter.Settings.Default.WithFormatDefaultValues(true));

    public static TheoryData<string> Types => [.. RandomMessages.Types.Select(type => type.FullName)];

    [Theory]
    [MemberData(nameof(Types))]
    public void Any_message_is_the_json_that_the_reference_makes_of_it(string name)
    {
        var type = RandomMessages.Types.Single(type => type.FullName == name);
        Same(type.Parser.ParseFrom([]));
        for (var seed = 0; seed < 300; seed++) Same(new RandomMessages(seed).Next(type));
    }

    [Fact]
    public void Every_character_is_written_or_escaped_as_the_reference_does()
    {
        for (var first = 0; first < 0x11000; first += 256)
        {
            var characters = Enumerable.Range(first, 256).Where(System.Text.Rune.IsValid);
            Same(new ObjectHypothesis { ClassId = string.Concat(characters.Select(char.ConvertFromUtf32)) });
        }
    }

    [Fact]
    public void Half_a_character_is_replaced()
    {
        var broken = new ObjectHypothesis { ClassId = "a\ud83db" };
        Assert.Equal("{ \"classId\": \"a\ufffdb\", \"score\": 0 }", JsonEncoding.ToText(broken));
    }

    [Fact]
    public void What_a_later_schema_adds_is_passed_over()
    {
        // As if a vector had got a third and a fourth coordinate.
        var later = new Box { X = 1, Y = 2, Width = 3, Height = 4 };
        Assert.Equal("""{ "x": 1, "y": 2 }""", JsonEncoding.ToText(Vector2.Parser.ParseFrom(later.ToByteArray())));
    }

    [Theory]
    [InlineData(253_402_300_800, 0)]
    [InlineData(-62_135_596_801, 0)]
    [InlineData(0, -1)]
    [InlineData(0, 1_000_000_000)]
    public void An_instant_that_no_calendar_has_is_refused(long seconds, int nanoseconds) =>
        Assert.Throws<InvalidOperationException>(
        () => JsonEncoding.ToText(
            new Header { CapturedAt = new Timestamp { Seconds = seconds, Nanos = nanoseconds } }));

    [Fact]
    public void Encoding_makes_no_garbage()
    {
        var scene = (Scene)new RandomMessages(5).Next(Scene.Descriptor);
        for (var i = 0; i < 14; i++) scene.Objects.Add((Track)new RandomMessages(i).Next(Track.Descriptor));

        // Google's writer walks over a map by an enumerator on the heap.
        const int Enumerator = 64;
        var maps = scene.Objects.Count(seen => seen.Colors.Count > 0);
        using var encoded = new EncodedMessage();
        Assert.InRange(Allocations.Least(() =>
        {
            for (var i = 0; i < 100; i++)
            {
                encoded.Encode(scene);
                Assert.False(encoded.As(MessageEncoding.Json).IsEmpty);
            }
        }), 0, 100 * maps * Enumerator);

        var protobuf = encoded.As(MessageEncoding.Protobuf).ToArray();
        using var json = new PooledBuffer();
        Assert.Equal(0, Allocations.Least(() =>
        {
            for (var i = 0; i < 100; i++)
            {
                json.Clear();
                JsonEncoding.Write(Scene.Descriptor, protobuf, json);
            }
        }));
    }

    private static void Same(IMessage message) => Assert.Equal(Reference.Format(message), JsonEncoding.ToText(message));
}
