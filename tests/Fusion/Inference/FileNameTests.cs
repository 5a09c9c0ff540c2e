using System.Diagnostics;
using System.Text;
using EdgePerception.Fusion.Inference;
using EdgePerception.Tests.Support;

namespace EdgePerception.Fusion.Tests.Inference;

public sealed class FileNameTests
{
    [Fact]
    public void Bytes_of_any_kind_come_back_as_they_were()
    {
        var random = new Random(20261130);
        for (var i = 0; i < 2_000; i++)
        {
            var name = new byte[random.Next(1, 40)];
            for (var at = 0; at < name.Length; at++)
                name[at] = (byte)(random.Next(2) == 0 ? random.Next(1, 256) : random.Next(0x7e, 0xa0));
            Assert.Equal([.. name, 0], FileName.ToBytes(FileName.FromBytes(name)));
        }
    }

    [Theory]
    [InlineData("")]
    [InlineData("a b/ü.png")]
    [InlineData("日本語/😀.jpg")]
    [InlineData("\ufffd")]
    public void A_name_in_UTF_8_is_its_text(string name)
    {
        Assert.Equal(name, FileName.FromBytes(Encoding.UTF8.GetBytes(name)));
        Assert.Equal([.. Encoding.UTF8.GetBytes(name), 0], FileName.ToBytes(name));
        Assert.Equal(name, FileName.ToText(name));
    }

    [Fact]
    public void Characters_and_bytes_stand_beside_each_other()
    {
        byte[] name = [(byte)'a', 0xe2, 0x82, 0xff, .. "😀"u8, 0xf0, 0x9f];
        Assert.Equal("a\udce2\udc82\udcff😀\udcf0\udc9f", FileName.FromBytes(name));
        Assert.Equal("a\ufffd\ufffd\ufffd😀\ufffd\ufffd", FileName.ToText(FileName.FromBytes(name)));
        Assert.Equal([.. name, 0], FileName.ToBytes(FileName.FromBytes(name)));
    }

    [Fact]
    public void A_half_character_that_stands_for_no_byte_is_none() =>
        Assert.Equal([.. Encoding.UTF8.GetBytes("a\ufffdb\ufffdc"), 0], FileName.ToBytes("a\ud83db\udc41c"));

    [Fact]
    public void A_file_of_such_a_name_is_opened()
    {
        using var folder = new TemporaryFolder();
        var path = $"{folder.Path}/l-\udcfc.txt";
        Assert.Throws<FileNotFoundException>(() => RegularFile.Open(path, 100));
        Process.Start("sh", ["-c", $"printf hello > \"{folder.Path}/$(printf 'l-\\374.txt')\""]).WaitForExit();
        Assert.Equal("hello"u8.ToArray(), RegularFile.ReadAll(path, 100));
        Assert.Equal("hello"u8.ToArray(), RegularFile.ReadAll(path, 100, within: folder.Path));
        // .NET cannot name it, and so not remove it.
        Process.Start("find", [folder.Path, "-type", "f", "-delete"]).WaitForExit();
    }
}
