using System.Text;
using EdgePerception.Runtime.Gateway;
using FsCheck.Xunit;

namespace EdgePerception.Runtime.Tests.Gateway;

/// <summary>A stop is found in what nobody can read as a command, however it was damaged, and nothing else.</summary>
public class StopScanTests
{
    private const string Plain = """{"id":"a","text":"§"}""";

    /// <summary>What senders, gateways and hands do to a command; § is what was said.</summary>
    private static readonly Dictionary<string, Func<string, byte[]>> Damages = new()
    {
        ["bare"] = Encoding.UTF8.GetBytes,
        ["bare with a line end"] = said => Bytes("§\r\n", said),
        ["quoted"] = said => Bytes("\"§\"", said),
        ["half quoted"] = said => Bytes("\"§", said),
        ["in single quotes"] =
            said => Bytes("{'id': 'a', 'text': '§'}", said.Replace("'", "’", StringComparison.Ordinal)),
        ["without quotes"] = said => Bytes("{id: a, text: §}", said),
        ["yaml"] = said => Bytes("id: a\ntext: §\n", said),
        ["a form"] = said => Bytes("id=a&text=§&ttlMs=5", said),
        ["xml"] = said => Bytes("<command><id>a</id><text>§</text></command>", said),
        ["csv"] = said => Bytes("a;§;5000", said),
        ["a list"] = said => Bytes("[" + Plain + "]", said),
        ["cut in the text"] = said => Bytes("""{"id":"a","text":"§""", said),
        ["cut in front"] = said => Bytes("""d":"a","text":"§"}""", said),
        ["cut behind the text"] = said => Bytes("""{"id":"a","text":"§","iss""", said),
        ["cut in an escape"] = said => Bytes("""{"id":"a","text":"§ \ud83""", said),
        ["twice in a row"] = said => Bytes(Plain + """{"id":"b","text":"go to the car"}""", said),
        ["a second text"] = said => Bytes("""{"id":"a","text":"go to the car","text":"§"}""", said),
        ["a first text"] = said => Bytes("""{"id":"a","text":"§","text":"go to the car"}""", said),
        ["another case"] = said => Bytes("""{"ID":"a","Text":"§"}""", said),
        ["another name"] = said => Bytes("""{"id":"a","command":"§"}""", said),
        ["a text in a text"] = said => Bytes("""{"id":"a","text":{"text":"§"}}""", said),
        ["texts in a list"] = said => Bytes("""{"id":"a","text":["go to the car","§"]}""", said),
        ["json in json"] = said => Bytes("""{"id":"a","payload":"{\"id\":\"a\",\"text\":\"§\"}"}""", said),
        ["a raw line end"] = said => Bytes("{\"id\":\"a\",\"text\":\"§\nnow\"}", said),
        ["a half emoji"] = said => Bytes("""{"id":"a","text":"§ \ud83d"}""", said),
        ["escaped"] = said => Bytes(
            """{"id":"a","text":"§",}""", string.Concat(said.Select(unit => $"\\u{(int)unit:x4}"))),
        ["nested"] = said => Bytes("{\"x\":" + new string('[', 90) + new string(']', 90) + ",\"text\":\"§\"}", said),
        ["nested without end"] = said => Bytes(new string('{', 900) + "\"text\":\"§\"", said),
        ["too long in text"] = said => Bytes("""{"id":"a","text":"§ """ + new string('x', 2000) + "\"}", said),
        ["too long at its end"] = said => Bytes("""{"id":"a","text":"xx""" + Many("x y ", 9000) + "§\"}", said),
        ["too many bytes at the start"] = said => Bytes(Plain + Many(" ", 200_000), said),
        ["too many bytes at the end"] = said => Bytes(Many("x ", 200_000) + Plain, said),
        ["latin-1 behind"] = said => [.. Bytes("""{"id":"a","text":"§","note":"caf""", said), 0xE9, .. "\"}"u8],
        ["latin-1 before"] = said => [.. "{\"note\":\""u8, 0xE9, .. Bytes("\",\"text\":\"§\"}", said)],
        ["utf-8 with a mark"] = said => [0xEF, 0xBB, 0xBF, .. Bytes("§", said)],
        ["utf-16"] = said => [0xFF, 0xFE, .. Encoding.Unicode.GetBytes(Said(Plain, said))],
        ["utf-16 without a mark"] = said => Encoding.Unicode.GetBytes(Said(Plain, said)),
        ["utf-16, big end first"] = said => [0xFE, 0xFF, .. Encoding.BigEndianUnicode.GetBytes(Said(Plain, said))],
        ["utf-16, big end first, without a mark"] = said => Encoding.BigEndianUnicode.GetBytes(Said(Plain, said)),
        ["utf-16, too much of it, at an odd end"] =
            said => [.. Encoding.Unicode.GetBytes(Said(Many("x ", 50_000) + Plain, said)), 0x20],
        ["zeros behind"] = said => [.. Bytes("§", said), 0, 0, 0],
        ["zeros around"] = said => [0, 0, .. Bytes(Plain, said), 0],
        ["noise around"] = said => [0x80, 0xFF, 0x01, .. Bytes("""{"text":"§"}""", said), 0xC0, 0x17],
    };

    private static readonly string[] Stops =
    [
        "stop", "STOP!!!", "Please stop right now", "don't move", "stop following the dog", "go to the car, no, stop",
        "s t o p", "power off", "hold it", "sotp", "no not the first stop",
    ];

    private static readonly string[] Others =
        ["follow the person", "go to the stop sign on the left", "don't stop following him", "who is there"];

    public static TheoryData<string> Kinds => new(Damages.Keys);

    [Theory]
    [MemberData(nameof(Kinds))]
    public void A_stop_is_found_however_its_message_is_damaged(string kind) =>
        Assert.All(Stops, said => Assert.True(StopScan.HoldsStop(Damages[kind](said)), said));

    [Theory]
    [MemberData(nameof(Kinds))]
    public void What_is_no_stop_is_none_in_a_damaged_message_either(string kind) =>
        Assert.All(Others, said => Assert.False(StopScan.HoldsStop(Damages[kind](said)), said));

    [Theory]
    [InlineData("")]
    [InlineData("\"")]
    [InlineData("\\")]
    [InlineData("\"\\u")]
    [InlineData("\"\\u12")]
    [InlineData("{}")]
    [InlineData("[1,2]")]
    [InlineData("this is no JSON")]
    public void Nothing_is_no_stop(string payload) => Assert.False(StopScan.HoldsStop(Encoding.UTF8.GetBytes(payload)));

    [Theory]
    [InlineData("""{"stop":false}""")]
    [InlineData("""{"id":"stop-1","text":""")]
    [InlineData("""{"action":"stop"}""")]
    [InlineData("""{"emergency":1}""")]
    public void In_doubt_a_name_or_any_other_value_halts(string payload) =>
        Assert.True(StopScan.HoldsStop(Encoding.UTF8.GetBytes(payload)));

    [Fact]
    public void Noise_holds_hardly_ever_a_stop_and_one_that_was_put_into_it_is_found()
    {
        var random = new Random(1);
        var noise = new byte[200];
        var found = 0;
        for (var i = 0; i < 20_000; i++)
        {
            random.NextBytes(noise);
            if (StopScan.HoldsStop(noise)) found++;
            " stop "u8.CopyTo(noise.AsSpan(random.Next(noise.Length - 6)));
            Assert.True(StopScan.HoldsStop(noise), Convert.ToHexString(noise));
        }

        Assert.True(found < 20, $"{found} of 20,000");
    }

    [Fact]
    public void A_sign_is_found_in_utf_16_that_has_no_plain_letter()
    {
        Assert.True(StopScan.HoldsStop([0xFF, 0xFE, .. Encoding.Unicode.GetBytes("🛑")]));
        Assert.True(StopScan.HoldsStop([0xFE, 0xFF, .. Encoding.BigEndianUnicode.GetBytes("🛑")]));
    }

    [Property(MaxTest = 1000)]
    public bool Any_bytes_are_searched_and_a_stop_behind_them_is_found(byte[] noise) =>
        StopScan.HoldsStop(noise) == StopScan.HoldsStop(noise) && StopScan.HoldsStop([.. noise, .. "\n. stop"u8]);

    [Theory]
    [InlineData("\"")]
    [InlineData("\"a")]
    [InlineData("\\u0073\"")]
    [InlineData("\\\"")]
    [InlineData("[{\"")]
    [InlineData("\0")]
    [InlineData("don't stop ")]
    public void A_payload_made_to_be_slow_takes_memory_that_grows_with_its_length(string piece)
    {
        var small = Allocated(Encoding.UTF8.GetBytes(Many(piece, 4_000)));
        var large = Allocated(Encoding.UTF8.GetBytes(Many(piece, 64_000)));
        Assert.True(large <= (small + 4_096) * 32, $"{small} bytes for 4,000 characters, {large} for 64,000");
    }

    private static long Allocated(byte[] payload)
    {
        StopScan.HoldsStop(payload);
        var before = GC.GetAllocatedBytesForCurrentThread();
        StopScan.HoldsStop(payload);
        return GC.GetAllocatedBytesForCurrentThread() - before;
    }

    private static string Many(string piece, int length) =>
        string.Concat(Enumerable.Repeat(piece, length / piece.Length));

    private static string Said(string payload, string said) => payload.Replace("§", said, StringComparison.Ordinal);

    private static byte[] Bytes(string payload, string said) => Encoding.UTF8.GetBytes(Said(payload, said));
}
