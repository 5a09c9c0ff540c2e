using System.Text;
using EdgePerception.Fusion.Inference;
using EdgePerception.Runtime.CommandLine;

namespace EdgePerception.Runtime.Tests.CommandLine;

public sealed class RawArgumentsTests
{
    [Fact]
    public void What_runs_the_program_is_no_argument_of_it()
    {
        byte[] line = [.. "dotnet\0app.dll\0detect\0\0--image\0l-"u8, 0xfc, .. ".jpg\0"u8];
        var arguments = RawArguments.Last(["detect", "", "--image", "l-\ufffd.jpg"], line);
        Assert.Equal(["detect", "", "--image", "l-\udcfc.jpg"], arguments);
        Assert.Equal(Encoding.Latin1.GetBytes("l-ü.jpg\0"), FileName.ToBytes(arguments[3]));
    }

    [Fact]
    public void Arguments_without_a_doubt_stay_the_ones_that_they_are()
    {
        string[] arguments = ["detect", "--image", "ü 😀.jpg"];
        Assert.Same(arguments, RawArguments.Of(arguments));
    }

    [Fact]
    public void A_line_with_fewer_words_than_arguments_is_not_believed()
    {
        string[] arguments = ["a", "\ufffd"];
        Assert.Same(arguments, RawArguments.Last(arguments, "b\0"u8.ToArray()));
    }
}
