using EdgePerception.Runtime.Messaging.Encoding;
using EdgePerception.Runtime.Messaging.Transports;
using FsCheck;
using FsCheck.Xunit;

namespace EdgePerception.Runtime.Tests.Messaging;

/// <summary>The header frame of ZeroMQ messages, byte for byte.</summary>
public sealed class EnvelopeHeaderTests
{
    [Fact]
    public void It_is_little_endian_with_version_and_length_first()
    {
        var bytes = new byte[EnvelopeHeader.Size];
        Array.Fill(bytes, (byte)0xee);
        EnvelopeHeader.Write(bytes, new MessageStamp(0x0102, 3, -1));
        Assert.Equal(
            "0100200000000000" + "0201000000000000" + "0300000000000000" + "ffffffffffffffff",
            Convert.ToHexStringLower(bytes));
    }

    [Property]
    public bool What_was_written_is_read(ulong sequence, long captured, long published)
    {
        var bytes = new byte[EnvelopeHeader.Size];
        var stamp = new MessageStamp(sequence, captured, published);
        EnvelopeHeader.Write(bytes, stamp);
        return EnvelopeHeader.TryRead(bytes, out var header)
            && header == new EnvelopeHeader(EnvelopeHeader.Version, stamp);
    }

    [Fact]
    public void A_later_versions_longer_one_is_read_as_far_as_it_is_known()
    {
        var bytes = new byte[EnvelopeHeader.Size + 8];
        EnvelopeHeader.Write(bytes, new MessageStamp(7, 8, 9));
        (bytes[0], bytes[2]) = (2, 40);
        Assert.True(EnvelopeHeader.TryRead(bytes, out var header));
        Assert.Equal(new EnvelopeHeader(2, new MessageStamp(7, 8, 9)), header);
    }

    [Theory]
    [InlineData(0, 0)]
    [InlineData(31, 31)]
    [InlineData(32, 31)]
    [InlineData(33, 32)]
    public void One_that_is_cut_or_has_another_length_than_it_says_is_none(int length, byte said)
    {
        var bytes = new byte[length];
        if (length > 2) (bytes[0], bytes[2]) = (1, said);
        Assert.False(EnvelopeHeader.TryRead(bytes, out var header) && length != said);
        Assert.False(EnvelopeHeader.TryRead(bytes, out header));
        Assert.Equal(0ul, header.Stamp.Sequence);
    }

    [Fact]
    public void A_version_before_the_first_is_none()
    {
        var bytes = new byte[EnvelopeHeader.Size];
        EnvelopeHeader.Write(bytes, default);
        bytes[0] = 0;
        Assert.False(EnvelopeHeader.TryRead(bytes, out _));
    }
}
