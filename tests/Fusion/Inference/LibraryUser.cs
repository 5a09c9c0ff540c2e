using EdgePerception.Fusion.Inference;

namespace EdgePerception.Fusion.Tests.Inference;

/// <summary>
/// Uses whatever ONNX Runtime the environment names, and tells how that went, in a process of its own.
/// </summary>
internal static class LibraryUser
{
    public static int Run()
    {
        try
        {
            Console.WriteLine(OnnxRuntimeLibrary.Description);
            var manifest = TestModels.Manifest() with
            {
                Providers = [ExecutionProvider.Tensorrt, ExecutionProvider.Cuda, ExecutionProvider.Cpu],
            };
            using var model = OnnxModel.Load(manifest, TestModels.Folder, TestModels.OneThread);
            foreach (var missing in model.MissingProviders) Console.WriteLine(missing);
            model.Input(0).Elements<float>()[0] = 3;
            model.Run();
            Console.WriteLine($"{model.Provider} answers {model.Output(0).Floats()[0]}");
            return 0;
        }
        catch (ModelException e)
        {
            Console.WriteLine(e.Message);
            return 2;
        }
    }
}
