using EdgePerception.Fusion.Inference;
using EdgePerception.Fusion.Inference.Onnx;
using EdgePerception.Tests.Support;
using FsCheck.Xunit;

namespace EdgePerception.Fusion.Tests.Inference.Onnx;

public sealed class OnnxFileTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    [Fact]
    public void A_file_says_what_wrote_it_and_what_its_tensors_are()
    {
        var file = OnnxFile.Parse(new OnnxGraph(opset: 21)
            .Input("images", "batch", 3, 640, 640).TypedInput(7, "ids", 1, 16)
            .TypedOutput(10, "output0", "batch", 84, "anchors").Metadata("task", "detect").Metadata("stride", "32")
            .ToBytes());
        Assert.Equal((8, 21, "pytorch 2.4.0"), (file.IrVersion, file.Opset, file.Producer));
        Assert.Equal(["images float32 [batch, 3, 640, 640]", "ids int64 [1, 16]"],
            file.Inputs.Select(input => input.ToString()));
        Assert.Equal("output0 float16 [batch, 84, anchors]", Assert.Single(file.Outputs).ToString());
        Assert.Equal([-1, 3, 640, 640], file.Inputs[0].Axes.Select(axis => axis.Length));
        Assert.Equal([TensorType.Float32, TensorType.Int64], file.Inputs.Select(input => input.Type!.Value));
        Assert.Equal(("detect", "32"), (file.Metadata["task"], file.Metadata["stride"]));
        Assert.False(file.HasExternalWeights);
    }

    [Fact]
    public void Weights_that_an_old_exporter_lists_as_inputs_are_none()
    {
        var file =
            OnnxFile.Parse(new OnnxGraph().Input("images", 1, 4).Input("bias", 4).Input("scale", 4).Output("y", 1, 4)
            .Weight("bias", 1, [4], new byte[16]).Weight("scale", 1, [4], new byte[16]).ToBytes());
        Assert.Equal("images", Assert.Single(file.Inputs).Name);
    }

    [Fact]
    public void Weights_in_other_files_are_seen() =>
        Assert.True(
            OnnxFile.Parse(new OnnxGraph().Input("x", 1).Output("y", 1).Weight("w", 1, [1], [], isExternal: true)
                .ToBytes()).HasExternalWeights);

    [Fact]
    public void The_real_detectors_file_is_read()
    {
        var file = OnnxFile.Read(Path.Combine(TestModels.Repository, "models", TestModels.CenterNetManifest().File));
        Assert.Equal(14, file.Opset);
        Assert.Equal("tower_0/images", Assert.Single(file.Inputs).Name);
        Assert.Equal([-1, 512, 512, 3], file.Inputs[0].Axes.Select(axis => axis.Length));
        Assert.Equal("detections", Assert.Single(file.Outputs).Name);
    }

    [Theory]
    [InlineData("sequence.onnx", "detections a sequence []")]
    [InlineData("rank.onnx", "detections float32 [2, 6]")]
    public void What_Debians_onnx_package_writes_is_read(string file, string output) =>
        Assert.Equal(output, Assert.Single(OnnxFile.Read(Path.Combine(TestModels.Folder, file)).Outputs).ToString());

    public static TheoryData<byte[], string> Foreign => new()
    {
        { [], "is an empty file, not an ONNX model" },
        { [0x89, .. "PNG\r\n\x1a\n"u8], "is a PNG picture, not an ONNX model" },
        { [0xff, 0xd8, 0xff, 0xe0], "is a JPEG picture, not an ONNX model" },
        { [.. "PK\x03\x04whatever"u8], "is a ZIP archive or a PyTorch model, not an ONNX model" },
        { [.. "version https://git-lfs.github.com/spec/v1\n"u8],
            "is a Git LFS pointer to a file that was not fetched, not an ONNX model" },
        { [0x1c, 0, 0, 0, .. "TFL3"u8], "is a TensorFlow Lite model, not an ONNX model" },
        { [.. "<!DOCTYPE html>"u8], "is a web page, not an ONNX model" },
        { [.. "name: a\nfile: b\n"u8], "is a text, not an ONNX model" },
        { new byte[64], "is not an ONNX model: its bytes are no protobuf message" },
        { [0x08, 0x08], "is not an ONNX model: it holds no graph" },
        { [0xf2, 0xff, 0xff, 0xff], "is not an ONNX model" },
    };

    [Theory]
    [MemberData(nameof(Foreign))]
    public void What_is_no_model_is_called_by_its_name(byte[] bytes, string problem) =>
        Assert.Equal(problem, Fault(bytes));

    [Fact]
    public void A_truncated_file_is_told_whatever_is_left_of_it()
    {
        var whole = Model().ToBytes();
        Assert.StartsWith(
            $"is truncated, or damaged: it has {whole.Length - 20} bytes and announces more", Fault(whole[..^20]));
        for (var length = 1; length < whole.Length; length++)
        {
            try
            {
                OnnxFile.Parse(whole.AsSpan(0, length));
            }
            catch (FormatException e)
            {
                AssertOneLine(e.Message);
            }
        }
    }

    [Fact]
    public void Lengths_are_not_believed()
    {
        // A graph of 2^63 bytes, and a tensor of a million axes.
        Assert.StartsWith(
            "is truncated", Fault([0x08, 0x08, 0x3a, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0x7f]));
        Assert.Equal("is not an ONNX model: a tensor has more than 64 axes",
            Fault(new OnnxGraph().Input("x", [.. Enumerable.Repeat((object)1, 1_000_000)]).Output("y", 1).ToBytes()));
    }

    [Fact]
    public void A_crowd_of_inputs_is_refused_before_it_costs_much()
    {
        // Fifteen million empty inputs of two bytes each.
        byte[] inputs = [.. Enumerable.Repeat((byte[])[0x5a, 0], 15_000_000).SelectMany(input => input)];
        byte[] model = [0x08, 0x08, 0x3a, .. Varint(inputs.Length), .. inputs];
        var before = GC.GetAllocatedBytesForCurrentThread();
        Assert.Equal("is not an ONNX model: its graph has more than 65536 inputs or outputs", Fault(model));
        Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, 32 << 20);
    }

    [Property(MaxTest = 3000, Replay = "17,31")]
    public void Damaged_bytes_are_read_or_refused_in_a_line(int[] places, byte[] values)
    {
        var bytes = Model().ToBytes();
        for (var i = 0; i < Math.Min(places.Length, values.Length); i++)
            bytes[(uint)places[i] % (uint)bytes.Length] = values[i];
        var before = GC.GetAllocatedBytesForCurrentThread();
        try
        {
            OnnxFile.Parse(bytes);
        }
        catch (FormatException e)
        {
            AssertOneLine(e.Message);
        }

        Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, 1 << 20);
    }

    [Property(MaxTest = 1000, Replay = "17,31")]
    public void Any_bytes_are_read_or_refused_in_a_line(byte[] bytes)
    {
        try
        {
            OnnxFile.Parse([0x08, 0x08, .. bytes]);
        }
        catch (FormatException e)
        {
            AssertOneLine(e.Message);
        }
    }

    [Fact]
    public void A_path_that_holds_no_model_is_told_with_its_name()
    {
        var text = _folder.Write("a.onnx", "this is text");
        Assert.Equal($"{text}: is a text, not an ONNX model", Refused(text));
        Assert.Equal($"{_folder.Path}: is a folder, not a file; name an .onnx file", Refused(_folder.Path));
        Assert.Equal($"{_folder.Path}/none.onnx: no such file", Refused(Path.Combine(_folder.Path, "none.onnx")));
    }

    [Fact]
    public void A_file_of_more_than_2_GiB_is_told()
    {
        var file = Path.Combine(_folder.Path, "huge.onnx");
        using (var stream = File.Create(file)) stream.SetLength((2L << 30) + 1);
        Assert.Equal($"{file}: is larger than 2048 MiB, the most that is read here; name an .onnx file", Refused(file));
    }

    public void Dispose() => _folder.Dispose();

    private static OnnxGraph Model() => new OnnxGraph().Input("images", "N", 3, 64, 64).Output("output0", "N", 84, 100)
        .Weight("w", 1, [4], new byte[16]).Metadata("names", "{0: 'cup'}");

    private static string Fault(byte[] bytes) => Assert.Throws<FormatException>(() => OnnxFile.Parse(bytes)).Message;

    private static string Refused(string file)
    {
        var e = Assert.Throws<ModelException>(() => OnnxFile.Read(file));
        AssertOneLine(e.Message);
        return e.Message;
    }

    private static void AssertOneLine(string message)
    {
        Assert.DoesNotContain(message, char.IsControl);
        Assert.InRange(message.Length, 1, 300);
    }

    private static IEnumerable<byte> Varint(int value)
    {
        for (; value >= 0x80; value >>= 7) yield return (byte)(value | 0x80);
        yield return (byte)value;
    }
}
