using EdgePerception.Runtime.Messaging.Transports.ZeroMq;
using FsCheck;
using FsCheck.Fluent;
using FsCheck.Xunit;

namespace EdgePerception.Runtime.Tests.Messaging.Transports.ZeroMq;

/// <summary>Keys as text (ZeroMQ RFC 32).</summary>
public sealed class Z85Tests
{
    // The RFC's own example has eight bytes; a key has four of them.
    private const string Example = "HelloWorld";
    private static readonly byte[] ExampleBytes = [0x86, 0x4f, 0xd2, 0x6f, 0xb5, 0x59, 0xf7, 0x5b];

    [Fact]
    public void The_specifications_example_is_written_and_read()
    {
        Assert.Equal(Example, Z85.Encode(ExampleBytes));
        byte[] key = [.. ExampleBytes, .. ExampleBytes, .. ExampleBytes, .. ExampleBytes];
        Assert.Equal(key, Z85.Decode(Example + Example + Example + Example));
    }

    [Property]
    public Property Every_key_is_read_as_it_was_written() => Prop.ForAll(
        Gen.ArrayOf(Gen.Choose(0, 255).Select(n => (byte)n), 32).ToArbitrary(), key =>
        {
            var text = Z85.Encode(key);
            return text.Length == Z85.KeyLength && Z85.Decode(text)!.SequenceEqual(key);
        });

    [Theory]
    [InlineData("")]
    [InlineData("0123456789012345678901234567890123456789 ")]
    [InlineData("012345678901234567890123456789012345678")]
    [InlineData("012345678901234567890123456789012345678\"")]
    [InlineData("01234567890123456789012345678901234567\u00e4x")]
    [InlineData("#####01234567890123456789012345678901234")]
    public void What_is_no_key_is_null(string text) => Assert.Null(Z85.Decode(text));
}
