using EdgePerception.Fusion.Inference;
using EdgePerception.Tests.Support;
using static EdgePerception.Fusion.Tests.Inference.TestModels;

namespace EdgePerception.Fusion.Tests.Inference;

public class OnnxModelTests
{
    [Fact]
    public void What_is_written_into_the_input_is_run_and_read_from_the_output()
    {
        using var model = Load(Manifest());
        Assert.Equal((8 * 8 * 3, 12), (model.Input(0).Elements<float>().Length, model.Output(0).Floats().Length));
        for (var round = 0; round < 3; round++)
        {
            for (var i = 0; i < 12; i++) model.Input(0).Elements<float>()[i] = round * 100 + i;
            model.Run();
            for (var i = 0; i < 12; i++) Assert.Equal(round * 100 + i, model.Output(0).Floats()[i]);
        }
    }

    [Fact]
    public void A_model_with_several_inputs_has_each_bound()
    {
        using var model =
            Load(Manifest("two_inputs.onnx") with { Inputs = [Tensor("images", 1, 8, 8, 3), Tensor("bias", 1)] });
        model.Input(0).Elements<float>()[0] = 1;
        model.Input(1).Elements<float>()[0] = 0.5f;
        model.Run();
        Assert.Equal(1.5f, model.Output(0).Floats()[0]);
    }

    [Fact]
    public void An_axis_that_the_model_leaves_free_has_the_manifests_length()
    {
        using var model = Load(Manifest("free_batch.onnx") with
        {
            Inputs = [Tensor("images", 3, 8, 8, 3)],
            Outputs = [Tensor("detections", 3, 2, 6)],
        });
        model.Input(0).Elements<float>()[2 * 192] = 42;
        model.Run();
        Assert.Equal(42, model.Output(0).Floats()[2 * 12]);
    }

    [Fact]
    public void A_run_allocates_nothing()
    {
        using var model = Load(Manifest());
        for (var i = 0; i < 10; i++) model.Run();
        Assert.Equal(0, Allocations.Least(() =>
        {
            for (var i = 0; i < 1000; i++) model.Run();
        }));
    }

    [Fact]
    public void The_memory_of_inputs_and_outputs_stays_where_the_session_knows_it()
    {
        using var model = Load(Manifest());
        for (var i = 0; i < 5; i++)
        {
            model.Input(0).Elements<float>()[0] = i;
            GC.Collect(2, GCCollectionMode.Aggressive, blocking: true, compacting: true);
            model.Run();
            Assert.Equal(i, model.Output(0).Floats()[0]);
        }
    }

    [Fact]
    public void A_missing_file_is_told_with_where_to_get_it()
    {
        var e = Refused(Manifest() with { File = "fetched/none.onnx", Source = "npm somewhere 1.0" });
        Assert.Contains("fetched/none.onnx cannot be read; get it from npm somewhere 1.0 (eng/setup.sh", e.Message);
    }

    [Fact]
    public void An_output_that_the_manifest_names_twice_is_told() => Assert.EndsWith(
        "the manifest names the output 'detections' twice",
        Refused(Manifest() with { Outputs = [Manifest().Outputs[0], Manifest().Outputs[0]] }).Message);

    [Fact]
    public void A_folder_in_the_files_place_is_told() =>
        Assert.Contains("is a folder, not a file", Refused(Manifest() with { File = "." }).Message);

    [Fact]
    public void A_truncated_file_is_told_by_its_sum()
    {
        using var folder = new TemporaryFolder();
        var whole = File.ReadAllBytes(Path.Combine(Folder, "detector.onnx"));
        folder.Write("detector.onnx", whole[..^40]);
        var e = Assert.Throws<ModelException>(() => OnnxModel.Load(Manifest(), folder.Path, OneThread));
        Assert.StartsWith("model 'test': ", e.Message);
        Assert.Contains("detector.onnx is not the file that the manifest names: its sha256 is ", e.Message);
        Assert.Contains($"expected {Manifest().Sha256[..12]}", e.Message);
        AssertOneLine(e);
    }

    [Theory]
    [InlineData("")]
    [InlineData("this is no model")]
    [InlineData("\0\0\0\0\0\0\0\0")]
    public void A_file_with_the_right_sum_that_is_no_model_is_told(string content)
    {
        using var folder = new TemporaryFolder();
        folder.Write("a.onnx", content);
        var e =
            Assert.Throws<ModelException>(() =>
                OnnxModel.Load(Manifest("a.onnx", folder.Path), folder.Path, OneThread));
        Assert.StartsWith("model 'test': a.onnx is ", e.Message);
        Assert.Contains("not an ONNX model", e.Message);
        AssertOneLine(e);
    }

    [Fact]
    public void A_model_that_this_ONNX_Runtime_cannot_run_is_told_with_what_to_do()
    {
        var version = Microsoft.ML.OnnxRuntime.OrtEnv.Instance().GetVersionString();
        Assert.Matches(
            "^model 'test': a.onnx is not a model that can be loaded: "
            + $@"its opset 99 is newer than ONNX Runtime {version} knows \(up to \d+\); export it ",
            RefusedBytes(new OnnxGraph(opset: 99).Input("images", 1, 8, 8, 3).Output("detections", 1, 2, 6).ToBytes()));
        Assert.EndsWith(
            $": ONNX Runtime {version} has no operator 'Frobnicate' in opset 17; export the model without it",
            RefusedBytes(new OnnxGraph().Input("images", 1, 8, 8, 3).Node("Frobnicate", ["images"], ["detections"])
                .ToBytes()));
        Assert.Equal(
            "model 'test': a.onnx keeps its weights in other files beside it; save it as one file, in Python by "
            + "onnx.save(onnx.load('FILE'), 'ONE-FILE')",
            RefusedBytes(new OnnxGraph().Input("images", 1, 8, 8, 3).Output("detections", 1, 2, 6)
                .Weight("w", 1, [1], [], isExternal: true).ToBytes()));
        var newer = new OnnxGraph().Input("images", 1, 8, 8, 3).Output("detections", 1, 2, 6).ToBytes();
        newer[1] = 99;
        Assert.Matches(@": its format \(IR version 99\) is newer than ", RefusedBytes(newer));

        static string RefusedBytes(byte[] bytes)
        {
            using var folder = new TemporaryFolder();
            folder.Write("a.onnx", bytes);
            var e =
                Assert.Throws<ModelException>(() =>
                    OnnxModel.Load(Manifest("a.onnx", folder.Path), folder.Path, OneThread));
            AssertOneLine(e);
            return e.Message;
        }
    }

    [Fact]
    public void Every_beginning_of_a_model_is_told_to_be_none_or_loads()
    {
        using var folder = new TemporaryFolder();
        var whole = File.ReadAllBytes(Path.Combine(Folder, "detector.onnx"));
        for (var length = 0; length < whole.Length; length += 7)
        {
            folder.Write("a.onnx", whole[..length]);
            AssertOneLine(Assert.Throws<ModelException>(
                () => OnnxModel.Load(Manifest("a.onnx", folder.Path), folder.Path, OneThread).Dispose()));
        }
    }

    [Fact]
    public void A_shape_that_differs_is_told_with_the_tensor_and_both_shapes() => Assert.Equal(
        "model 'test' (detector.onnx): input 'images' has shape [1, 8, 8, 3], the manifest says [1, 16, 16, 3]",
        Refused(Manifest() with { Inputs = [Tensor("images", 1, 16, 16, 3)] }).Message);

    [Fact]
    public void A_rank_that_differs_is_told() => Assert.Equal(
        "model 'test' (rank.onnx): output 'detections' has shape [2, 6], the manifest says [1, 2, 6]",
        Refused(Manifest("rank.onnx")).Message);

    [Fact]
    public void A_free_axis_does_not_excuse_the_others() => Assert.Equal(
        "model 'test' (free_batch.onnx): output 'detections' has shape [-1, 2, 6], the manifest says [1, 3, 6]",
        Refused(Manifest("free_batch.onnx") with { Outputs = [Tensor("detections", 1, 3, 6)] }).Message);

    [Fact]
    public void An_element_type_that_differs_is_told_in_the_manifests_words() => Assert.Equal(
        "model 'test' (bytes.onnx): input 'images' is uint8, the manifest says float32",
        Refused(Manifest("bytes.onnx")).Message);

    [Fact]
    public void An_output_that_is_no_tensor_is_told() => Assert.Equal(
        "model 'test' (sequence.onnx): output 'detections' is no tensor, the manifest says float32",
        Refused(Manifest("sequence.onnx")).Message);

    [Fact]
    public void A_tensor_that_is_not_there_is_told_with_those_that_are()
    {
        Assert.Equal("model 'test' (detector.onnx): there is no input 'image'; the model has images",
            Refused(Manifest() with { Inputs = [Tensor("image", 1, 8, 8, 3)] }).Message);
        Assert.Equal("model 'test' (two_inputs.onnx): there is no output 'boxes'; the model has detections",
            Refused(Manifest("two_inputs.onnx") with
            {
                Inputs = [Tensor("images", 1, 8, 8, 3), Tensor("bias", 1)],
                Outputs = [Tensor("boxes", 1, 2, 6)],
            }).Message);
    }

    [Fact]
    public void An_input_that_the_manifest_forgets_is_told() => Assert.Equal(
        "model 'test' (two_inputs.onnx): the model needs the input 'bias', which the manifest does not name",
        Refused(Manifest("two_inputs.onnx")).Message);

    [Fact]
    public void A_batch_of_any_size_up_to_the_profile_runs_and_allocates_nothing_again()
    {
        using var model = Load(Batched());
        Assert.Equal(4, model.MaxBatch);
        int[] batches = [1, 4, 2, 3];
        foreach (var batch in batches) RunBatch(model, batch);
        Assert.Equal(0, Allocations.Least(() =>
        {
            foreach (var batch in batches) RunBatch(model, batch);
        }));
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void Inputs_of_lengths_that_change_at_every_run_reach_the_model(bool boundsOutput)
    {
        using var model = Load(Products(boundsOutput));
        foreach (var (counts, weights) in new[] { (1, 5), (4, 1), (2, 3), (4, 5), (1, 1), (2, 3) })
        {
            RunProducts(model, counts, weights, boundsOutput);
            Assert.Equal([1, counts, weights], model.Output(0).Shape.ToArray());
            Assert.Equal(
                Enumerable.Range(0, counts * weights).Select(i => (i / weights + 1) * (i % weights + 0.5f)),
                model.Output(0).Floats().ToArray());
        }
    }

    [Fact]
    public void An_output_whose_lengths_the_manifest_bounds_allocates_nothing()
    {
        using var model = Load(Products(boundsOutput: true));
        RunProducts(model, 4, 5, boundsOutput: true);
        RunProducts(model, 2, 3, boundsOutput: true);
        Assert.Equal(0, Allocations.Least(() =>
        {
            RunProducts(model, 4, 5, boundsOutput: true);
            RunProducts(model, 2, 3, boundsOutput: true);
        }));
    }

    [Fact]
    public void An_output_of_other_lengths_than_the_model_answers_fails_the_run_and_the_next_one_works()
    {
        using var model = Load(Products(boundsOutput: true));
        model.Input(0).Resize(1, 2);
        model.Input(1).Resize(1, 3);
        model.Output(0).Resize(1, 2, 2);
        Assert.StartsWith("model 'test': the run failed: ", Assert.Throws<ModelException>(model.Run).Message);
        RunProducts(model, 2, 3, boundsOutput: true);
    }

    [Fact]
    public void A_trial_takes_the_lengths_that_the_profiles_call_usual()
    {
        using var model = Load(Products(boundsOutput: true));
        ModelTrial.Run(model);
        Assert.Equal([1, 2, 3], model.Output(0).Shape.ToArray());
    }

    [Fact]
    public void The_settings_bound_the_batch_below_the_profile()
    {
        using var model = OnnxModel.Load(Batched(), Folder, OneThread with { MaxBatch = 2 });
        Assert.Equal(2, model.MaxBatch);
        Assert.Throws<ArgumentOutOfRangeException>(() => model.SetBatch(3));
        Assert.Throws<ArgumentOutOfRangeException>(() => model.SetBatch(0));
    }

    [Fact]
    public void An_input_takes_no_shape_outside_its_profile()
    {
        using var model = Load(Batched());
        Assert.Equal("tensor 'images' cannot be [5, 8, 8, 3]: the manifest bounds axis 0 to 1..4",
            Assert.Throws<ModelException>(() => model.Input(0).Resize(5, 8, 8, 3)).Message);
        Assert.Equal("tensor 'images' cannot be [1, 8, 9, 3]: the manifest bounds axis 2 to 8..8",
            Assert.Throws<ModelException>(() => model.Input(0).Resize(1, 8, 9, 3)).Message);
        Assert.Equal("tensor 'images' cannot be [1, 8, 8]: the manifest bounds 4 axes",
            Assert.Throws<ModelException>(() => model.Input(0).Resize(1, 8, 8)).Message);
    }

    [Fact]
    public void A_batch_that_the_model_does_not_leave_free_is_told() => Assert.Equal(
        "model 'test' (detector.onnx): input 'images' has shape [1, 8, 8, 3], the manifest says [-1, 8, 8, 3]",
        Refused(Batched() with { File = "detector.onnx", Sha256 = Manifest().Sha256 }).Message);

    [Fact]
    public void Elements_of_another_type_are_refused()
    {
        using var model = Load(Manifest());
        Assert.Equal("tensor 'images' holds float32, not Half",
            Assert.Throws<InvalidOperationException>(() => model.Input(0).Elements<Half>()).Message);
    }

    [Theory]
    [InlineData(0, float.NaN)]
    [InlineData(11, float.PositiveInfinity)]
    [InlineData(5, float.NegativeInfinity)]
    public void An_output_that_holds_no_number_fails_the_run_and_the_next_one_works(int index, float value)
    {
        using var model = Load(Manifest());
        model.Input(0).Elements<float>()[index] = value;
        Assert.Equal("model 'test': output 'detections' holds NaN or infinity",
            Assert.Throws<ModelException>(model.Run).Message);
        model.Input(0).Bytes.Clear();
        model.Run();
    }

    [Fact]
    public void An_output_that_may_hold_anything_is_not_looked_at()
    {
        var manifest = Manifest();
        using var model = Load(manifest with { Outputs = [manifest.Outputs[0] with { AllowNonFinite = true }] });
        model.Input(0).Elements<float>()[3] = float.NaN;
        model.Run();
        Assert.Equal(float.NaN, model.Output(0).Floats()[3]);
    }

    [Fact]
    public async Task A_run_that_hangs_is_ended_from_another_thread_and_the_next_one_works()
    {
        using var model = Load(Hang());
        model.Run();
        for (var round = 0; round < 3; round++)
        {
            model.Input(0).Elements<float>().Fill(255);
            var run = Task.Run(model.Run);
            // Told again until it is heeded: a run that has not begun yet starts afresh.
            while (!run.IsCompleted)
            {
                model.Terminate();
                await Task.WhenAny(run, Task.Delay(5));
            }

            var e = await Assert.ThrowsAsync<ModelException>(() => run);
            Assert.StartsWith("model 'test': the run failed: ", e.Message);
            Assert.Contains("terminate", e.Message, StringComparison.OrdinalIgnoreCase);
            AssertOneLine(e);
            model.Input(0).Bytes.Clear();
            model.Run();
            Assert.All(model.Output(0).Floats().ToArray(), value => Assert.Equal(0, value));
        }
    }

    [Fact]
    public void A_termination_between_runs_does_not_reach_the_next()
    {
        using var model = Load(Hang());
        model.Terminate();
        model.Run();
    }

    [Fact]
    public void Terminating_or_disposing_after_the_end_does_nothing()
    {
        var model = Load(Manifest());
        model.Dispose();
        model.Dispose();
        model.Terminate();
    }

    private static ModelManifest Batched() => Manifest("free_batch.onnx") with
    {
        Inputs = [
            Tensor("images", -1, 8, 8, 3) with
            {
                Profile = new TensorProfile { Min = [1, 8, 8, 3], Opt = [1, 8, 8, 3], Max = [4, 8, 8, 3] },
            }],
        Outputs = [Tensor("detections", -1, 2, 6)],
    };

    private static ModelManifest Products(bool boundsOutput) => Manifest("products.onnx") with
    {
        Inputs =
        [
            Tensor("counts", 1, -1) with
            {
                Type = TensorType.Int32, Profile = new TensorProfile { Min = [1, 1], Opt = [1, 2], Max = [1, 4] },
            },
            Tensor("weights", 1, -1) with { Profile = new TensorProfile { Min = [1, 1], Opt = [1, 3], Max = [1, 5] } },
        ],
        Outputs =
        [
            Tensor("products", 1, -1, -1) with
            {
                Profile = boundsOutput ? new TensorProfile { Min = [1, 1, 1], Opt = [1, 2, 3], Max = [1, 4, 5] } : null,
            },
        ],
    };

    private static void RunProducts(OnnxModel model, int counts, int weights, bool boundsOutput)
    {
        model.Input(0).Resize(1, counts);
        model.Input(1).Resize(1, weights);
        if (boundsOutput) model.Output(0).Resize(1, counts, weights);
        for (var i = 0; i < counts; i++) model.Input(0).Elements<int>()[i] = i + 1;
        for (var i = 0; i < weights; i++) model.Input(1).Elements<float>()[i] = i + 0.5f;
        model.Run();
    }

    private static void RunBatch(OnnxModel model, int batch)
    {
        model.SetBatch(batch);
        var input = model.Input(0).Elements<float>();
        for (var item = 0; item < batch; item++) input[item * 192] = batch * 10 + item;
        model.Run();
        var output = model.Output(0).Floats();
        for (var item = 0; item < batch; item++)
            if (output[item * 12] != batch * 10 + item || output.Length != batch * 12)
                Assert.Fail($"item {item} of {batch} is {output[item * 12]}");
    }

    private static ModelException Refused(ModelManifest manifest)
    {
        var e = Assert.Throws<ModelException>(() => Load(manifest));
        AssertOneLine(e);
        return e;
    }

    private static void AssertOneLine(ModelException e)
    {
        Assert.DoesNotContain(e.Message, char.IsControl);
        Assert.InRange(e.Message.Length, 1, 400);
    }
}
