using EdgePerception.Sensors.Diagnostics;
using FsCheck;
using FsCheck.Fluent;
using FsCheck.Xunit;

namespace EdgePerception.Sensors.Tests.Diagnostics;

public sealed class RedactionTests
{
    // What people put into passwords, and what parts an address.
    private const string Characters = "aZ7kQx@#/?%:;=&!$+, .-_~*'\"[]{}<>\\|^`äé漢";

    [Theory]
    [InlineData("rtsp://camera.local:8554/stream", "rtsp://camera.local:8554/stream")]
    [InlineData("rtsp://admin:secret@camera.local:8554/stream", "rtsp://camera.local:8554/stream")]
    [InlineData("rtsps://admin:x@Sommer2024#!@127.0.0.1:5999/s", "rtsps://127.0.0.1:5999/s")]
    [InlineData("rtsp://u:pa/ss?w#rd@[::1]:554/", "rtsp://[::1]:554/")]
    [InlineData("https://host/a/b.onnx?X-Sig=abc&key=def", "https://host/a/b.onnx?***")]
    [InlineData("rtsp://host/user=admin&password=abc&channel=1", "rtsp://host/user=***")]
    [InlineData("/videos/rtsp:/u:pw@host/s", "/videos/rtsp:/u:pw@host/s", false)]
    [InlineData("admin:secret@host/s", "host/s")]
    [InlineData("", "")]
    public void An_address_is_quoted_without_its_secrets(string address, string quoted, bool isWhole = true)
    {
        if (isWhole) Assert.Equal(quoted, Redaction.Address(address));
        Assert.Equal(Redaction.Text(address), Redaction.Text(Redaction.Text(address)));
    }

    [Theory]
    [InlineData("Camera 'a' stopped: no frame for 2000 ms")]
    [InlineData("there is no file '/videos/clip@2x.mkv'")]
    [InlineData("'fast' must be end, error or freeze, @ and a frame, as in freeze@100")]
    [InlineData("'udp://x' is not an endpoint: tcp://127.0.0.1:PORT or ipc:///PATH")]
    [InlineData("'ipc://' must be ipc:// with an absolute path (or @name) of at most 100 bytes")]
    [InlineData("cannot bind ipc://@edge: Address already in use; 'ipc:///run/a@b' is no endpoint")]
    [InlineData("GStreamer cannot build the pipeline: no property \"a\" in element \"videotestsrc\"")]
    [InlineData("12:30:01 warn: mqtt://127.0.0.1:1883: refused")]
    public void A_text_without_secrets_stays_as_it_is(string text) => Assert.Equal(text, Redaction.Text(text));

    [Theory]
    [InlineData("could not open 'rtsp://u:pw@h:1/s' for reading", "could not open 'rtsp://h:1/s' for reading")]
    [InlineData("/cfg/rtsp:/u:pw@h/s: no such file", "/cfg/rtsp:/h/s: no such file")]
    [InlineData("http://a:b@c/ and http://d/?e=f end", "http://c/ and http://d/?*** end")]
    [InlineData("http://a:b@c/ and http://d:e@f/g end", "http://f/g end")]
    [InlineData("'https://h/m?token=a,b'c': refused", "'https://h/m?***': refused")]
    [InlineData("(http://u:my pass@c/x)", "(http://c/x)")]
    [InlineData("ipc://u:pw@c/x and ipc:///run/a", "ipc://c/x and ipc:///run/a")]
    [InlineData("'admin:pw@host' is no name", "'***@host' is no name")]
    public void Addresses_in_a_text_are_quoted_without_their_secrets(string text, string told) =>
        Assert.Equal(told, Redaction.Text(text));

    [Theory]
    [InlineData("x user-id=Root1 user-pw=\"My Secret1\" ! y name=video", "My Secret1 (Root1) of 'video'",
        "*** (***) of 'video'")]
    [InlineData("x user-pw=correct horse ! y", "no element horse, no correct", "no element ***, no ***")]
    [InlineData("srtsrc passphrase=Abcd1234 uri=srt://h:1", "Abcd1234 at srt://h:1", "*** at srt://h:1")]
    [InlineData(
        "x location=rtsp://u:a%40Sommer@h/s name=x ! y name=video", "no Sommer, a@Sommer, video", "no ***, ***, video")]
    [InlineData(
        "x extra-headers=\"h,Authorization=(string)\\\"Bearer Zz99Yy88\\\"\" ! y", "Bearer, Zz99Yy88", "***, ***")]
    public void What_others_say_about_a_source_is_told_without_its_secrets(string setting, string text, string told) =>
        Assert.Equal(told, new Redaction(null, setting).Strike(text));

    [Property(MaxTest = 500, Replay = "17,31")]
    public Property No_part_of_a_password_stays_in_a_quoted_address() =>
        Prop.ForAll(Secrets(), Secrets(), (user, password) =>
    {
        var address = $"rtsp://{user}:{password}@host.invalid:554/live";
        var known = new Redaction(address);
        foreach (var told in (string[])
        [
            Redaction.Address(address), Redaction.Text(address), Redaction.Text($"'{address}': cannot be opened"),
            known.Strike($"Could not open {address} ({Uri.UnescapeDataString(address)}) for {user}, {password}"),
            known.Strike($"{Uri.EscapeDataString(address)} {Uri.EscapeDataString(password)}"),
        ])
        {
            AssertHidden(user, told);
            AssertHidden(password, told);
        }
    });

    [Property(MaxTest = 500, Replay = "17,31")]
    public Property No_value_of_a_query_stays_in_a_quoted_address() => Prop.ForAll(Secrets(), secret =>
    {
        var value = secret.Replace("@", "", StringComparison.Ordinal);
        var address = $"https://host.invalid/m.onnx?token={value}&sig={value}";
        AssertHidden(value, Redaction.Address(address));
        var text = $"'{address}': it says {value} or {Uri.UnescapeDataString(value)}";
        AssertHidden(value, new Redaction(address).Strike(text));
        AssertHidden(WithoutBlanks(value), Redaction.Text($"at {WithoutBlanks(address)}: refused"));

        static string WithoutBlanks(string text) => text.Replace(" ", "", StringComparison.Ordinal);
    });

    [Property(MaxTest = 500, Replay = "17,31")]
    public Property Any_text_can_be_told_and_telling_it_again_changes_nothing() => Prop.ForAll(
        Gen.Elements((Characters + "::///@@").ToCharArray()).ArrayOf().Select(letters => new string(letters))
            .ToArbitrary(),
        text =>
        {
            var told = Redaction.Text(text);
            Assert.Equal(told, Redaction.Text(told));
        });

    [Theory]
    [InlineData("a:/")]
    [InlineData("a")]
    [InlineData("a:@")]
    [InlineData("user=")]
    [InlineData("a://b:c@d ")]
    public void A_long_text_costs_no_more_than_its_length(string part)
    {
        var text = string.Concat(Enumerable.Repeat(part, (1 << 20) / part.Length));
        Assert.InRange(Redaction.Text(text).Length, 1, text.Length + 3);
    }

    private static Arbitrary<string> Secrets() =>
        Gen.Elements(Characters.ToCharArray()).ArrayOf(14).Select(letters => new string(letters)).ToArbitrary();

    private static void AssertHidden(string secret, string told)
    {
        for (var i = 0; i + 4 <= secret.Length; i++)
        {
            var part = secret.Substring(i, 4);
            Assert.False(told.Contains(part, StringComparison.Ordinal), $"'{part}' of '{secret}' stays in: {told}");
        }
    }
}
